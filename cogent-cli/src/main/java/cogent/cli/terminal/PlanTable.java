package cogent.cli.terminal;

import cogent.data.Count;
import cogent.pipeline.Pipeline;
import cogent.pipeline.plan.Estimate;
import cogent.pipeline.plan.Plan;
import cogent.pipeline.recipe.EndpointConfig;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.Elapsed;
import cogent.pipeline.run.RunDirectory;
import cogent.report.ResultText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a run would do, as a table. */
public final class PlanTable {
    private static final int COLUMNS = 80;
    /** What the work takes at most where what it takes stands beside it. */
    private static final int WORK = 70;

    private static final double GIB = 1L << 30;

    /** Seconds below which a machine's own moods are most of what a stage takes. */
    private static final double SHORT = 5;

    /** Memory in GiB above which people have several GPUs, or want them. */
    private static final int LARGE = 24;

    private PlanTable() {}

    /** A table for people; only paths make a line longer than a terminal usually is wide. */
    public static String of(Plan plan) {
        List<Plan.Row> rows = plan.rows();
        StringBuilder text = new StringBuilder();
        paragraph(text, "", Banner.of(plan.recipe()).strip());
        text.append('\n');
        int work = rows.stream().mapToInt(r -> work(plan, r).length()).max().orElse(0);
        text.append(" stage      state         work, and what it takes\n");
        for (Plan.Row row : rows) {
            row(
                    text,
                    work,
                    row.stage(),
                    state(row),
                    work(plan, row),
                    (row.state() == Pipeline.State.DONE ? "took " : "") + amount(row.estimate()));
        }
        text.append('\n');
        plan.missing().forEach(what -> paragraph(text, "  ", "missing: " + what));
        text.append(plan.missing().isEmpty() ? "" : "\n").append(basis(plan));
        paragraph(text, "", budget(plan.recipe()));
        return text.toString();
    }

    /** One line where it fits; else the work over several, and below it what it takes. */
    private static void row(StringBuilder text, int widest, String stage, String state, String work, String takes) {
        String start = " %-10s %-13s ".formatted(stage, state);
        String line = (start + "%-" + Math.clamp(widest, 1, WORK) + "s  %s")
                .formatted(work, takes)
                .stripTrailing();
        if (Columns.of(line) <= COLUMNS) {
            text.append(line).append('\n');
            return;
        }
        String inner = " ".repeat(start.length());
        Stream<String> lines = Stream.of(work, takes)
                .filter(part -> !part.isEmpty())
                .flatMap(part -> Columns.wrap(part, COLUMNS - start.length()).stream());
        text.append(lines.collect(Collectors.joining("\n" + inner, start, "\n")));
    }

    private static void paragraph(StringBuilder text, String indent, String said) {
        for (String line : said.split("\n", -1)) {
            text.append(String.join("\n" + indent, Columns.wrap(line, COLUMNS - indent.length())))
                    .append('\n');
        }
    }

    /** The same for programs. */
    public static ObjectNode json(Plan plan) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        Recipe recipe = plan.recipe();
        json.put("name", recipe.name())
                .put("run", RunDirectory.of(recipe).root().toString());
        ArrayNode stages = json.putArray("stages");
        for (Plan.Row row : plan.rows()) {
            ObjectNode stage = stages.addObject();
            stage.put("stage", row.stage())
                    .put("state", row.state().name().toLowerCase(Locale.ROOT))
                    .put("work", work(plan, row));
            if (!row.why().isEmpty()) {
                stage.put("again_because", row.why());
            }
            row.estimate().numbers().forEach((name, number) -> stage.putPOJO(name, number));
            if (!row.estimate().basis().isEmpty()) {
                stage.put("time_is", row.estimate().basis());
            }
        }
        ArrayNode missing = json.putArray("missing");
        plan.missing().forEach(missing::add);
        json.put("stored_replies", plan.storedReplies());
        return json.put("budget", budget(recipe));
    }

    /** What the numbers rest on. */
    private static String basis(Plan plan) {
        if (plan.complete()) {
            return "";
        }
        Recipe recipe = plan.recipe();
        String counted = recipe.bringsRows()
                ? "Estimates: all rows counted, their tokens told from their characters"
                : "Estimates: all rows of the corpus counted; two rationales in three rewritten once, replies of trained models"
                        + " as long as the rationales";
        StringBuilder text = new StringBuilder();
        paragraph(text, "  ", counted + ".");
        if (plan.rows().stream().anyMatch(row -> row.estimate().basis().equals("measured"))) {
            text.append("  Measured: as fast as this machine was just now with some of the same work.\n");
        }
        plan.rows().stream()
                .map(row -> row.estimate().basis())
                .filter(basis -> basis.startsWith("assumed"))
                .distinct()
                .forEach(basis -> paragraph(
                        text, "    ", "  A" + basis.substring(1) + " (`cogent curate --estimate` measures)."));
        long stored = plan.storedReplies();
        if (stored > 0) {
            paragraph(
                    text,
                    "  ",
                    "  At most: this run has %s, and what is asked of the same model in the same words is not asked or paid for again."
                            .formatted(Count.of(stored, "stored reply", "stored replies")));
        }
        return text.append('\n').toString();
    }

    /** The hard limits. */
    private static String budget(Recipe recipe) {
        EndpointConfig teacher = recipe.teacher();
        if (Recipe.PLAYGROUND.equals(teacher.url())) {
            return "Nothing is sent anywhere and nothing costs money: the teacher is built in.";
        }
        if (recipe.bringsRows() && recipe.evaluate().endpoints().isEmpty()) {
            return "Nothing is sent anywhere and nothing costs money: no teacher is asked.";
        }
        List<String> limits = new ArrayList<>();
        if (teacher.budgetCalls() > 0) {
            limits.add(Count.of(teacher.budgetCalls(), "call"));
        }
        if (teacher.budgetTokens() > 0) {
            limits.add(Count.of(teacher.budgetTokens(), "token"));
        }
        if (teacher.budgetCost() > 0) {
            limits.add(String.format(Locale.ROOT, "cost %.2f", teacher.budgetCost()));
        }
        return limits.isEmpty()
                ? "No budget is set: teacher.budget_calls, budget_tokens or budget_cost would be a hard limit."
                : "Budget: " + String.join(", ", limits) + "; a call that might exceed it is not sent.";
    }

    private static String state(Plan.Row row) {
        return switch (row.state()) {
            case DONE -> "done";
            case TO_DO -> "to do";
            case AGAIN -> "again";
            case NEEDS_EARLIER -> "after others";
        };
    }

    /** What there is to do, or what came of it. */
    private static String work(Plan plan, Plan.Row row) {
        return row.done()
                .map(result -> ResultText.of(plan.recipe(), RunDirectory.of(plan.recipe()))
                        .of(row.stage(), result))
                .orElse(row.estimate().work() + (row.why().isEmpty() ? "" : " (" + row.why() + ")"));
    }

    /** How much, in a few words. */
    private static String amount(Estimate estimate) {
        Map<String, Number> numbers = estimate.numbers();
        List<String> parts = new ArrayList<>();
        add(parts, "%s tokens in", big(numbers.get("tokens_in")));
        add(parts, "%s out", big(numbers.get("tokens_out")));
        add(parts, "cost %s", fixed(numbers.get("cost"), 1, 2));
        add(parts, "%s tokens", big(numbers.get("tokens")));
        add(parts, "%s tokens/s", big(numbers.get("tokens_per_second")));
        String card = fixed(numbers.get("gpu_bytes"), GIB, 1);
        add(
                parts,
                card == null ? "%s GiB" : "%s of the GPU's " + card + " GiB",
                fixed(numbers.get("memory_bytes"), GIB, 1));
        if (numbers.getOrDefault("memory_bytes", 0).doubleValue() > LARGE * GIB) {
            add(parts, "%s GiB each by 8 with shard_optimiser", fixed(numbers.get("memory_bytes_of_8"), GIB, 1));
        }
        Number seconds = numbers.get("seconds");
        String basis = estimate.basis().replaceFirst(":.*", "");
        boolean brief = seconds != null && seconds.doubleValue() < SHORT && basis.equals("measured");
        String took = seconds == null ? null : brief ? "< %.0fs".formatted(SHORT) : time(seconds.doubleValue());
        add(parts, basis.isEmpty() ? "%s" : "%s, " + basis, took);
        return String.join(" · ", parts);
    }

    private static void add(List<String> parts, String format, @Nullable String value) {
        if (value != null) {
            parts.add(format.formatted(value));
        }
    }

    private static @Nullable String fixed(@Nullable Number n, double unit, int places) {
        return n == null ? null : String.format(Locale.ROOT, "%." + places + "f", n.doubleValue() / unit);
    }

    private static @Nullable String big(@Nullable Number n) {
        if (n == null) {
            return null;
        }
        double v = n.doubleValue();
        return v >= 1e9
                ? String.format(Locale.ROOT, "%.1f B", v / 1e9)
                : v >= 1e6 ? String.format(Locale.ROOT, "%.1f M", v / 1e6) : String.format(Locale.ROOT, "%,.0f", v);
    }

    private static String time(double seconds) {
        return Elapsed.text(Duration.ofMillis(Math.round(seconds * 1e3)));
    }
}
