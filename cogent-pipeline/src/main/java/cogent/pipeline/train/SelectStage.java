package cogent.pipeline.train;

import cogent.data.InputException;
import cogent.data.file.JsonLinesWriter;
import cogent.data.file.Row;
import cogent.data.file.RowFile;
import cogent.model.decoder.LanguageModel;
import cogent.pipeline.keys.RecordJson;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.SelectConfig;
import cogent.pipeline.result.SelectResult;
import cogent.pipeline.result.StageResult;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.Stage;
import cogent.pipeline.run.StageContext;
import cogent.pipeline.run.StageDetail;
import cogent.pipeline.run.StoppedException;
import cogent.pipeline.run.Students;
import cogent.pipeline.run.TrainingInputs;
import cogent.train.forward.RankSurprisal;
import cogent.train.rows.Example;
import cogent.train.rows.TrainingRows;
import cogent.train.state.SelectionFigures;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.IntBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Chooses the rows of SFT by what the student, before it learns from any, makes of them. */
public record SelectStage(Recipe recipe, RunDirectory run) implements Stage {
    /** What {@code selection.jsonl} says of a row; {@code leftOut} is the reason, absent where the row is kept. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Line(
            String id,
            @JsonProperty("rank_surprisal") double rankSurprisal,
            double impossible,
            int tokens,
            @JsonProperty("left_out") @Nullable String leftOut) {}

    @Override
    public String name() {
        return "select";
    }

    @Override
    public JsonNode settings() {
        return Students.reading(recipe)
                .set("select", RecordJson.identity(recipe.sft().select()));
    }

    @Override
    public List<Path> inputs() {
        return List.of(TrainingInputs.sftRows(recipe, run), student());
    }

    @Override
    public List<Path> outputs() {
        return List.of(run.selection());
    }

    /** Why rows are left out, by their ids. */
    static Map<String, String> leftOut(RunDirectory run) {
        Map<String, String> reasons = new HashMap<>();
        try (Stream<Row> lines = RowFile.open(run.selection())) {
            lines.map(Row::fields)
                    .filter(line -> line.hasNonNull("left_out"))
                    .forEach(line -> reasons.put(
                            line.get("id").asString(), line.get("left_out").asString()));
        }
        return reasons;
    }

    @Override
    public StageResult run(StageContext context) {
        return measured(context, (examples, measured) -> {
            @Nullable String[] reasons = reasons(examples, measured);
            try (JsonLinesWriter out = JsonLinesWriter.create(run.selection())) {
                for (int row = 0; row < reasons.length; row++) {
                    RankSurprisal of = measured.get(row);
                    out.write(new Line(examples.get(row).id(), of.ratio(), of.impossible(), of.tokens(), reasons[row]));
                }
                out.commit();
            }
            return result(measured, reasons);
        });
    }

    @Override
    public boolean isParallel() {
        return true;
    }

    @Override
    public void help(StageContext context) {
        int _ = measured(context, (_, measured) -> measured.size());
    }

    private <T> T measured(StageContext context, BiFunction<List<Example>, List<RankSurprisal>, T> use) {
        Path rows = TrainingInputs.sftRows(recipe, run);
        Path student = student();
        try (LanguageModel model = Students.loadToRead(recipe, student);
                Encodings encodings =
                        Encodings.of(student, model, recipe.student().chatTemplateKwargs());
                TrainingRows<Example> examples = Trainings.reader(
                                model, encodings, recipe.sft().training(), recipe, run)
                        .sft(rows, _ -> {})) {
            requireNames(examples, rows);
            return use.apply(examples, measured(model, examples, context));
        }
    }

    /** Computed once and kept beside the runs: those with other settings need the same. */
    private List<RankSurprisal> measured(LanguageModel model, List<Example> rows, StageContext context) {
        return SelectionFigures.of(
                        model,
                        rows,
                        recipe.sft().select().possible(),
                        recipe.sft().training().microBatchTokens(),
                        run.reference(),
                        context.ranks(),
                        context.stop()::asked,
                        done -> context.progress(name(), done, rows.size(), "rows", new StageDetail.None()))
                .orElseThrow(StoppedException::new);
    }

    /** First what is impossible, then the best of each prompt, then the best of all; what is left is mixed. */
    private @Nullable String[] reasons(List<Example> rows, List<RankSurprisal> measured) {
        SelectConfig select = recipe.sft().select();
        @Nullable String[] reasons = new @Nullable String[rows.size()];
        Map<IntBuffer, Integer> best = new HashMap<>();
        for (int row = 0; row < reasons.length; row++) {
            RankSurprisal of = measured.get(row);
            if (of.impossible() > select.impossible()) {
                reasons[row] = "sft.select: %.1f %% of its tokens are impossible to the student"
                        .formatted(100 * of.impossible());
            } else if (select.bestOfPrompt()) {
                best.merge(IntBuffer.wrap(rows.get(row).prompt()), row, (one, other) -> {
                    boolean better =
                            measured.get(other).ratio() < measured.get(one).ratio();
                    reasons[better ? one : other] = "sft.select: another rationale to its prompt has the lower ratio";
                    return better ? other : one;
                });
            }
        }
        int[] left = IntStream.range(0, reasons.length)
                .filter(row -> reasons[row] == null)
                .boxed()
                .sorted((a, b) ->
                        Double.compare(measured.get(a).ratio(), measured.get(b).ratio()))
                .mapToInt(row -> row)
                .toArray();
        int kept = (int) Math.ceil(select.keep() * left.length);
        for (int i = kept; i < left.length; i++) {
            reasons[left[i]] = String.format(
                    Locale.ROOT,
                    "sft.select: rank-surprisal ratio %.3g is above that of the share kept",
                    measured.get(left[i]).ratio());
        }
        if (select.longShare() != null) {
            List<Integer> chosen = IntStream.range(0, reasons.length)
                    .filter(row -> reasons[row] == null)
                    .boxed()
                    .toList();
            new LengthMix(select.longShare(), recipe.seed())
                    .surplus(rows, chosen)
                    .forEach(row -> reasons[row] = "sft.select: more of its length than long_share has room for");
        }
        return reasons;
    }

    private static SelectResult result(List<RankSurprisal> measured, @Nullable String[] reasons) {
        double[] ratios = IntStream.range(0, reasons.length)
                .filter(row -> reasons[row] == null)
                .mapToDouble(row -> measured.get(row).ratio())
                .sorted()
                .toArray();
        long impossible = Stream.of(reasons)
                .filter(reason -> reason != null && reason.contains("impossible"))
                .count();
        return new SelectResult(
                reasons.length, ratios.length, ratios.length == 0 ? Double.NaN : ratios[ratios.length / 2], impossible);
    }

    private static void requireNames(List<Example> rows, Path file) {
        Set<String> ids = new HashSet<>();
        for (Example row : rows) {
            if (!ids.add(row.id())) {
                throw new InputException(file + ": two rows have the id " + row.id()
                        + "; sft.select tells rows by their ids: make them different, or leave them out of the file");
            }
        }
    }

    private Path student() {
        String named = recipe.sft().select().student();
        return named == null ? Students.base(recipe, run) : Students.named(recipe, run, "sft.select.student", named);
    }
}
