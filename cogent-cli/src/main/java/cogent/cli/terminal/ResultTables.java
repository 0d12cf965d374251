package cogent.cli.terminal;

import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.Manifest;
import cogent.pipeline.run.ModelNames;
import cogent.pipeline.run.RunDirectory;
import cogent.report.EvaluationReport;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;

/** What a finished run says in the terminal: the table, and where to look next. */
public final class ResultTables {
    private static final SequencedMap<String, String> REMARKS = new LinkedHashMap<>();

    static {
        REMARKS.put("truncated", "cut off by the token limit");
        REMARKS.put("unparsed", "state no answer");
        REMARKS.put("undecided", "undecided");
        REMARKS.put("failed", "refused by the model");
    }

    private ResultTables() {}

    /** The results of the evaluation, if there was one, and the next steps. */
    public static String of(Recipe recipe, RunDirectory run) {
        StringBuilder text = new StringBuilder("\n");
        Optional<Manifest> evaluated = Manifest.read(run.manifest("evaluate"));
        evaluated.ifPresent(m -> m.summary().path("benchmarks").forEach(b -> table(b, ModelNames.of(recipe), text)));
        if (Files.exists(run.report())) {
            text.append(" report   ").append(run.report()).append('\n');
        }
        String model = recipe.aligns() ? "cogpo" : "sft";
        if (Files.exists(run.model(model))) {
            text.append(" chat     ./cogent chat ").append(run.model(model)).append('\n');
        }
        if (Recipe.PLAYGROUND.equals(recipe.corpus().path())) {
            text.append(" next     docs/your-own-model.md: the same with your corpus, your teacher, your student\n");
        }
        return text.toString();
    }

    private static void table(JsonNode benchmark, ModelNames names, StringBuilder text) {
        long n = benchmark.path("models").path(0).path("n").asLong();
        text.append(" %-34s %8s   %15s   %s%n"
                .formatted(
                        benchmark.path("title").asString() + " (n = " + n + ", "
                                + benchmark.path("decoding").asString() + ")",
                        "correct",
                        "95 % interval",
                        "paired difference"));
        for (JsonNode model : benchmark.path("models")) {
            String name = model.path("model").asString();
            text.append("   %-48s %5.1f %%   %5.1f – %5.1f"
                    .formatted(
                            names.of(name),
                            100 * model.path("accuracy").asDouble(),
                            100 * model.path("low").asDouble(),
                            100 * model.path("high").asDouble()));
            boolean first = true;
            for (JsonNode c : benchmark.path("comparisons")) {
                if (c.path("model").asString().equals(name)) {
                    text.append(first ? "     " : "\n" + " ".repeat(79)).append(difference(c, names));
                    first = false;
                }
            }
            text.append('\n');
            remarks(model, text);
        }
        String overlap = EvaluationReport.overlap(benchmark);
        text.append(overlap.isEmpty() ? "" : "   careful: " + overlap + "\n").append('\n');
    }

    /** What an accuracy alone would hide. */
    private static void remarks(JsonNode model, StringBuilder text) {
        List<String> remarks = new ArrayList<>();
        if (model.has("pass_at_n")) {
            int samples = model.path("samples").asInt();
            remarks.add(share("pass@" + samples, model.path("pass_at_n")));
            if (model.has("majority")) {
                remarks.add(share("maj@" + samples, model.path("majority")));
            }
        }
        REMARKS.forEach((key, words) -> {
            long count = model.path(key).asLong(0);
            if (count > 0) {
                remarks.add("%,d of %,d %s".formatted(count, model.path("n").asLong(), words));
            }
        });
        if (!remarks.isEmpty()) {
            text.append("     ").append(String.join(", ", remarks)).append('\n');
        }
    }

    private static String share(String name, JsonNode fraction) {
        return String.format(Locale.ROOT, "%s %.1f %%", name, 100 * fraction.asDouble());
    }

    private static String difference(JsonNode c, ModelNames names) {
        double p = c.path("p").asDouble();
        return String.format(
                Locale.ROOT,
                "%+.1f against %s, %s",
                100 * c.path("difference").asDouble(),
                names.of(c.path("baseline").asString()),
                ComparisonTable.pValue(p));
    }
}
