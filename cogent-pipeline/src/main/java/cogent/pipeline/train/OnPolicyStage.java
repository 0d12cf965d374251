package cogent.pipeline.train;

import cogent.curate.PairBuilder;
import cogent.data.Gap;
import cogent.data.InputException;
import cogent.data.Problem;
import cogent.data.Sample;
import cogent.data.SftRow;
import cogent.data.file.JsonLinesWriter;
import cogent.data.file.Row;
import cogent.data.file.RowFile;
import cogent.eval.Benchmark;
import cogent.eval.Graded;
import cogent.eval.Grader;
import cogent.eval.Question;
import cogent.eval.ResultRow;
import cogent.eval.Scores;
import cogent.model.generate.Sampler;
import cogent.pipeline.curate.Agents;
import cogent.pipeline.evaluate.EvaluatedModel;
import cogent.pipeline.keys.RecordJson;
import cogent.pipeline.recipe.OnPolicyConfig;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.result.OnPolicyResult;
import cogent.pipeline.result.StageResult;
import cogent.pipeline.run.Corpora;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.Stage;
import cogent.pipeline.run.StageContext;
import cogent.pipeline.run.Students;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The SFT model answers its own training problems, and what is wrong by the rule is set against the suitable rationale:
 * the third source of incorrect rationales (method page), after the distractor and refused rewrites.
 */
public record OnPolicyStage(Recipe recipe, RunDirectory run) implements Stage {
    @Override
    public String name() {
        return "on-policy";
    }

    @Override
    public JsonNode settings() {
        ObjectNode settings = Students.reading(recipe);
        settings.set("on_policy", RecordJson.identity(recipe.onPolicy()));
        settings.put("beta", recipe.curate().beta(Gap.LARGE));
        return settings;
    }

    @Override
    public List<Path> inputs() {
        List<Path> inputs = new ArrayList<>(Corpora.files(recipe, run));
        inputs.add(run.sftRows());
        inputs.add(run.model("sft"));
        return List.copyOf(inputs);
    }

    @Override
    public List<Path> outputs() {
        return List.of(run.mistakes());
    }

    @Override
    public StageResult run(StageContext context) {
        Map<String, SuitableRow> suitableRows = suitableRows();
        answer(suitableRows.values().stream().map(SuitableRow::question).toList(), context);
        return pairs(suitableRows);
    }

    @Override
    public boolean isParallel() {
        return true;
    }

    @Override
    public void help(StageContext context) {
        answer(suitableRows().values().stream().map(SuitableRow::question).toList(), context);
    }

    /** A problem as it is asked, and the row of D_SFT that the student should have written. */
    private record SuitableRow(Problem problem, SftRow row) {
        Question question() {
            return new Question(problem, row.prompt());
        }
    }

    /** By the problem's id, in the order of the corpus; a problem with several rationales is asked once. */
    private Map<String, SuitableRow> suitableRows() {
        Map<String, SftRow> rows = new LinkedHashMap<>();
        Set<String> prompts = new HashSet<>();
        int limit = recipe.onPolicy().problems() > 0 ? recipe.onPolicy().problems() : Integer.MAX_VALUE;
        try (Stream<Row> file = RowFile.open(run.sftRows())) {
            file.map(row -> JsonMapper.shared().convertValue(row.fields(), SftRow.class))
                    .filter(row -> prompts.add(row.prompt()))
                    .limit(limit)
                    .forEach(row -> rows.put(row.id(), row));
        }
        Map<String, SuitableRow> suitableRows = new LinkedHashMap<>();
        try (Stream<Sample> samples = Corpora.samples(recipe, run, _ -> {})) {
            samples.map(Sample::problem).forEach(problem -> {
                SftRow row = rows.get(problem.id());
                if (row != null) {
                    suitableRows.put(problem.id(), new SuitableRow(problem, row));
                }
            });
        }
        return suitableRows;
    }

    /** Every reply is on disk before it counts, and none is written twice. */
    private void answer(List<Question> questions, StageContext context) {
        OnPolicyConfig settings = recipe.onPolicy();
        Benchmark task = new Benchmark(name(), "{problem}")
                .sampled(settings.samples(), settings.temperature(), settings.topP(), settings.maxNewTokens());
        Sampler sampling = new Sampler(settings.temperature(), 0, settings.topP(), 0);
        try (EvaluatedModel.Local model = EvaluatedModel.Local.load("sft", run.model("sft"), recipe);
                EvaluatedModel.Session session =
                        model.drawing(sampling, settings.maxNewTokens(), settings.batchSize());
                Grader grader = Grader.of(task)) {
            Scores _ = model.answers(
                    session,
                    task,
                    questions,
                    grader,
                    run.ownAnswers(),
                    new EvaluatedModel.Listener(context, name(), "sft", "training problems"));
        }
    }

    private StageResult pairs(Map<String, SuitableRow> suitableRows) {
        PairBuilder pairs = Agents.pairs(recipe, recipe.format().rows());
        Map<String, Integer> made = new LinkedHashMap<>();
        Set<String> seen = new HashSet<>(); // replies of one problem: the answers are in the problems' order
        long[] answers = new long[2];
        int[] unfit = {0};
        try (JsonLinesWriter out = JsonLinesWriter.create(run.mistakes())) {
            ResultRow.forEach(run.ownAnswers(), row -> {
                answers[0]++;
                answers[1] += row.right() ? 1 : 0;
                if (row.sample() == 0) {
                    seen.clear();
                }
                int before = made.getOrDefault(row.problem(), 0);
                boolean wrong = row.verdict().equals("different") && row.end() == Graded.End.STOP;
                if (!wrong || before == recipe.onPolicy().perProblem() || !seen.add(row.reply())) {
                    return;
                }
                SuitableRow suitableRow = Objects.requireNonNull(suitableRows.get(row.problem()));
                try {
                    out.write(pairs.mistake(suitableRow.problem(), suitableRow.row(), row.reply(), before + 1));
                    made.put(row.problem(), before + 1);
                } catch (InputException e) {
                    unfit[0]++; // right in its work, or told apart by its form
                }
            });
            out.commit();
        }
        int count = made.values().stream().mapToInt(Integer::intValue).sum();
        return new OnPolicyResult(answers[0], answers[1], count, made.size(), unfit[0]);
    }
}
