package cogent.report;

import cogent.curate.student.StudentFigures;
import cogent.data.Difficulty;
import cogent.data.Gap;
import cogent.eval.Comparison;
import cogent.eval.Interval;
import cogent.pipeline.result.ModelComparison;
import cogent.pipeline.run.Environment.Fact;
import cogent.pipeline.run.MetricPoint;
import cogent.report.ReportData.AgentUse;
import cogent.report.ReportData.Agreement;
import cogent.report.ReportData.Artefact;
import cogent.report.ReportData.Attempt;
import cogent.report.ReportData.Benchmark;
import cogent.report.ReportData.Counted;
import cogent.report.ReportData.Curation;
import cogent.report.ReportData.CurationExample;
import cogent.report.ReportData.EvaluationExample;
import cogent.report.ReportData.GapPairs;
import cogent.report.ReportData.ModelAnswer;
import cogent.report.ReportData.ModelResult;
import cogent.report.ReportData.Objective;
import cogent.report.ReportData.Stage;
import cogent.report.ReportData.Stage.State;
import cogent.report.ReportData.StageKind;
import cogent.report.ReportData.StudentView;
import cogent.report.ReportData.Title;
import cogent.report.ReportData.Training;
import cogent.report.ReportData.Wrong;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.LongToDoubleFunction;

/** Runs made up for the tests of the page: a whole one, one that has only begun, and a hostile one. */
public final class Runs {
    private Runs() {}

    public static ReportData whole() {
        return run(
                title("quickstart"),
                State.DONE,
                Optional.of(curation(examples())),
                List.of(sft("raw SFT", 0.144, 3), sft("CRV", 0.005, 4), cogpo()),
                List.of(benchmark(evaluationExamples(60))));
    }

    /** Nothing has run yet. */
    public static ReportData begun() {
        return run(title("begun"), State.NOT_RUN, Optional.empty(), List.of(), List.of());
    }

    /** Every text is this one. */
    public static ReportData hostile(String text) {
        CurationExample sample = new CurationExample(
                text,
                text,
                text,
                text,
                Difficulty.HARD,
                text,
                List.of(new Attempt(text, false, List.of(text)), new Attempt(text, true, List.of(text))),
                List.of(new Wrong(text, text, text, Map.of(Gap.MEDIUM, 0.2))));
        Benchmark benchmark = new Benchmark(
                text,
                text,
                List.of(new ModelResult(text, 1, 2, new Interval(0.1, 0.9), 3, 0, 0)),
                List.of(new ModelComparison(text, text, new Comparison(0.5, new Interval(0.1, 0.9), 0.01, 1, 0, 2))),
                List.of(new EvaluationExample(
                        text, text, text, List.of(new ModelAnswer(text, text, text, false, true, text)))),
                List.of(new ReportData.Undecided(text, text, text, text, text)));
        Curation curation = new Curation(
                List.of(text),
                2,
                Map.of(Difficulty.HARD, 2L),
                0,
                Map.of(1, 1L),
                List.of(new Counted(text, 1)),
                1,
                List.of(),
                List.of(new Counted(text, 1)),
                List.of(new AgentUse(text, 1, 1, 1, 0, 0, 0, 0, OptionalDouble.empty())),
                OptionalDouble.empty(),
                List.of(new Agreement(text, 1, 2)),
                Optional.of(new StudentView(
                        Map.of(Difficulty.HARD, new StudentFigures(2, -1, -2, 30, 1)),
                        Map.of("hard/easy", 2L),
                        Map.of("hard/easy", List.of(text)))),
                List.of(sample));
        Training training = new Training(
                text, Objective.SFT, 20, 20, OptionalDouble.empty(), Map.of("loss", curve(20, s -> 2.0 / (s + 1))));
        return new ReportData(
                new Title(text, text, Instant.EPOCH, text, text, text, OptionalLong.empty(), Duration.ZERO, text),
                List.of(
                        new Stage(StageKind.CURATE, text, State.DONE, text, text),
                        new Stage(StageKind.ALIGN, text, State.NOT_RUN, text, text)),
                Optional.of(curation),
                List.of(training),
                List.of(benchmark),
                text,
                List.of(new Fact(text, text)),
                List.of(new Artefact(text, 1, text)));
    }

    private static Title title(String run) {
        return new Title(
                run,
                "0.1.0",
                Instant.parse("2026-11-23T14:02:11Z"),
                "0.8 M Qwen2, from scratch",
                "playground (rule-based, offline)",
                "CPU, 2 threads",
                OptionalLong.of(7),
                Duration.ofSeconds(9 * 60 + 12),
                "./cogent run recipes/quickstart.yaml");
    }

    private static ReportData run(
            Title title,
            State state,
            Optional<Curation> curation,
            List<Training> trainings,
            List<Benchmark> benchmarks) {
        boolean done = state == State.DONE;
        String recipe = "recipes/quickstart.yaml";
        return new ReportData(
                title,
                List.of(
                        new Stage(
                                StageKind.BASELINE,
                                "raw sft",
                                state,
                                done ? "500 steps, 2m41s" : "",
                                "./cogent sft " + recipe),
                        new Stage(
                                StageKind.CURATE,
                                "curate",
                                state,
                                done ? "7 993 calls, 6s" : "",
                                "./cogent curate " + recipe),
                        new Stage(
                                StageKind.SFT, "sft", state, done ? "500 steps, 2m02s" : "", "./cogent sft " + recipe),
                        new Stage(
                                StageKind.ALIGN,
                                "align",
                                state,
                                done ? "120 steps, 1m30s" : "",
                                "./cogent align " + recipe),
                        new Stage(
                                StageKind.EVALUATE,
                                "evaluate",
                                state,
                                done ? "3 models × 500, 48s" : "",
                                "./cogent evaluate " + recipe)),
                curation,
                trainings,
                benchmarks,
                """
                name: quickstart
                seed: 7
                corpus:
                  playground: { problems: 4000, steps: [1, 2], below: 100 }
                teacher:
                  playground: {}
                align:
                  beta: { small: 0.1, medium: 0.2, large: 0.5 }
                """,
                List.of(
                        new Fact("JDK", "25.0.1 (Debian)"),
                        new Fact("libtorch", "2.10.0, MKL 2025.3"),
                        new Fact("processor", "2 × AMD EPYC 7B13"),
                        new Fact("memory", "3.1 GB resident at most, 24 GB in the machine"),
                        new Fact("system", "Debian GNU/Linux 12, Linux 6.1")),
                List.of(
                        new Artefact(
                                "sft.jsonl",
                                1_904_332,
                                "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
                        new Artefact(
                                "models/aligned/model.safetensors",
                                3_411_200,
                                "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752")));
    }

    public static Curation curation(List<CurationExample> examples) {
        return new Curation(
                List.of(),
                4000,
                Map.of(Difficulty.EASY, 1334L, Difficulty.MEDIUM, 1331L, Difficulty.HARD, 1335L),
                1331,
                Map.of(1, 2304L, 2, 341L, 3, 16L),
                List.of(
                        new Counted("final answer differs after 3 rounds", 5),
                        new Counted("rewrite cut off by the token limit", 3)),
                3992,
                List.of(
                        new GapPairs(Gap.SMALL, 0.1, 2661, 0.52),
                        new GapPairs(Gap.MEDIUM, 0.2, 2669, 0.49),
                        new GapPairs(Gap.LARGE, 0.5, 3992, 0.5)),
                List.of(new Counted("accepted", 6661), new Counted("announces its slip", 31)),
                List.of(
                        new AgentUse("critic", 4000, 1_204_118, 4000, 0, 0, 0, 0, OptionalDouble.of(0)),
                        new AgentUse("rethinker", 3058, 986_212, 391_004, 0, 0, 0, 0, OptionalDouble.of(0)),
                        new AgentUse("verifier", 3058, 1_011_450, 3058, 0, 12, 2, 0.41, OptionalDouble.of(0)),
                        new AgentUse("distractor", 4000, 871_900, 402_188, 0, 31, 0, 0, OptionalDouble.of(0))),
                OptionalDouble.of(0.953),
                List.of(new Agreement("rule", 3040, 3058)),
                Optional.of(new StudentView(
                        Map.of(
                                Difficulty.EASY, new StudentFigures(1334, -1.31, -0.62, 24, 0),
                                Difficulty.MEDIUM, new StudentFigures(1331, -0.04, -0.09, 57, 0),
                                Difficulty.HARD, new StudentFigures(1335, -0.66, -0.41, 118, 2)),
                        Map.of("easy/easy", 1210L, "easy/medium", 124L, "medium/medium", 1331L, "hard/hard", 1335L),
                        Map.of("easy/medium", List.of("pg-000012", "pg-000044", "pg-000051")))),
                examples);
    }

    public static Curation withPairs(Curation c, List<GapPairs> pairs) {
        return new Curation(
                c.notes(),
                c.corpus(),
                c.labels(),
                c.mediumKept(),
                c.verifiedAtRound(),
                c.refused(),
                c.sftRows(),
                pairs,
                c.wrongRationales(),
                c.agents(),
                c.voteAgreement(),
                c.judgeAgreement(),
                c.student(),
                c.examples());
    }

    private static List<CurationExample> examples() {
        String problem =
                "Mia has 47 shells . she finds 38 more and gives 15 to her brother . how many shells has she now ?";
        return List.of(
                new CurationExample(
                        "pg-000012",
                        problem,
                        "70",
                        "start with 47 . let me think again . 47 is near 50 , so take 50 + 38 = 88 , but 50 is 3 too many , so 88 - 3 = 85 .\nwait , is that right ? 40 + 30 = 70 and 7 + 8 = 15 , so 85 . yes .\nnow 85 - 15 . first 85 - 20 = 65 , then 5 back , 70 . check : 70 + 15 = 85 . and 85 - 38 = 47 .\nthe answer is 70",
                        Difficulty.HARD,
                        "rounds to fifty and back, then checks twice",
                        List.of(
                                new Attempt(
                                        "47 + 38 : 7 + 8 = 15 , write 5 carry 1 . 4 + 3 = 7 . 75 .\n75 - 15 = 60\nthe answer is 60",
                                        false,
                                        List.of("step 1 drops the carry", "rule check: 60 ≠ 70")),
                                new Attempt(
                                        "47 + 38 : 7 + 8 = 15 , write 5 carry 1 . 4 + 3 + 1 = 8 . so 85 .\n\n85 - 15 : 5 - 5 = 0 . 8 - 1 = 7 . so 70 .\n\nthe answer is 70",
                                        true,
                                        List.of("correct", "rule check: 70 = 70"))),
                        List.of(new Wrong(
                                "47 + 38 : 7 + 8 = 15 , write 5 carry 1 . 4 + 3 + 1 = 8 . so 85 .\n\n85 - 15 : 5 - 5 = 0 . 8 - 1 = 6 . so 60 .\n\nthe answer is 60",
                                "distractor",
                                "60",
                                Map.of(Gap.MEDIUM, 0.2, Gap.LARGE, 0.5)))),
                new CurationExample(
                        "pg-000031",
                        "Ali reads 26 pages on monday and 57 on tuesday . how many pages in all ?",
                        "83",
                        "the answer is 83",
                        Difficulty.EASY,
                        "",
                        List.of(new Attempt(
                                "26 + 57 : 6 + 7 = 13 , write 3 carry 1 . 2 + 5 + 1 = 8 . so 83 .\n\nthe answer is 83",
                                true,
                                List.of("correct"))),
                        List.of()));
    }

    public static List<EvaluationExample> evaluationExamples(int n) {
        List<EvaluationExample> out = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            int a = 20 + i;
            int sum = a + 17;
            out.add(new EvaluationExample(
                    "test-" + i,
                    "Tom has " + a + " stamps and buys 17 more at the fair in town . how many stamps has he now ?",
                    "" + sum,
                    List.of(
                            answer("raw SFT", sum, i % 4 == 0),
                            answer("CRV", sum, i % 11 != 3),
                            answer("CRV + CogPO", sum, i % 14 != 3))));
        }
        return out;
    }

    private static ModelAnswer answer(String model, int sum, boolean right) {
        int said = right ? sum : sum - 10;
        return new ModelAnswer(model, "add them up .\n\nthe answer is " + said, "" + said, right);
    }

    public static Benchmark benchmark(List<EvaluationExample> examples) {
        return new Benchmark(
                "held-out problems",
                "n = 500, greedy",
                List.of(
                        new ModelResult("raw SFT", 142, 500, new Interval(0.246, 0.325), 61.2, 9, 14),
                        new ModelResult("CRV", 455, 500, new Interval(0.882, 0.932), 44.8, 0, 1),
                        new ModelResult("CRV + CogPO", 466, 500, new Interval(0.907, 0.951), 44.1, 0, 0)),
                List.of(
                        new ModelComparison(
                                "CRV", "raw SFT", new Comparison(0.626, new Interval(0.578, 0.671), 1e-9, 320, 7, 500)),
                        new ModelComparison(
                                "CRV + CogPO",
                                "raw SFT",
                                new Comparison(0.648, new Interval(0.601, 0.692), 1e-9, 328, 4, 500)),
                        new ModelComparison(
                                "CRV + CogPO",
                                "CRV",
                                new Comparison(0.022, new Interval(-0.001, 0.045), 0.06, 19, 8, 500))),
                examples,
                List.of());
    }

    private static Training sft(String name, double floor, int seed) {
        Random random = new Random(seed);
        return new Training(
                name,
                Objective.SFT,
                500,
                500,
                OptionalDouble.of(1),
                Map.of(
                        "loss",
                                curve(
                                        500,
                                        s -> (floor + 3.3 * Math.exp(-s / 45.0))
                                                * Math.exp(0.18 * random.nextGaussian())),
                        "grad_norm",
                                curve(
                                        500,
                                        s -> (0.25 + 2 * Math.exp(-s / 30.0)) * Math.exp(0.3 * random.nextGaussian())),
                        "learning_rate", curve(500, s -> rate(s, 500, 3e-3))));
    }

    public static Training cogpo() {
        Random random = new Random(5);
        Map<String, List<MetricPoint>> metrics = new HashMap<>();
        metrics.put("loss", curve(120, s -> 0.38 + 0.313 * Math.exp(-s / 25.0) + 0.015 * random.nextGaussian()));
        metrics.put("learning_rate", curve(120, s -> rate(s, 120, 5e-6)));
        metrics.put("grad_norm", curve(120, s -> 3 + 0.5 * random.nextGaussian()));
        for (Gap gap : Gap.values()) {
            double top =
                    Map.of(Gap.SMALL, 0.21, Gap.MEDIUM, 0.94, Gap.LARGE, 2.1).get(gap);
            metrics.put(
                    "rewards/margins/" + gap.name().toLowerCase(java.util.Locale.ROOT),
                    curve(120, s -> top * (1 - Math.exp(-s / 35.0)) + 0.05 * random.nextGaussian()));
        }
        metrics.put("rewards/margins", curve(120, s -> 1.1 * (1 - Math.exp(-s / 35.0))));
        metrics.put(
                "rewards/chosen",
                curve(120, s -> 0.15 * (1 - Math.exp(-s / 20.0)) - 0.003 * s + 0.02 * random.nextGaussian()));
        metrics.put(
                "rewards/rejected", curve(120, s -> -1.3 * (1 - Math.exp(-s / 35.0)) + 0.04 * random.nextGaussian()));
        metrics.put(
                "rewards/accuracies",
                curve(120, s -> Math.min(1, 0.5 + 0.44 * (1 - Math.exp(-s / 20.0)) + 0.03 * random.nextGaussian())));
        metrics.put("logps/chosen", curve(120, s -> -14.2 - 0.03 * s + 0.3 * random.nextGaussian()));
        metrics.put("logps/rejected", curve(120, s -> -21.5 - 0.11 * s + 0.3 * random.nextGaussian()));
        return new Training("CRV + CogPO", Objective.PREFERENCE, 120, 120, OptionalDouble.of(1), metrics);
    }

    private static double rate(long step, long steps, double peak) {
        double warm = Math.min(1, step / (0.1 * steps));
        return warm * peak * 0.5 * (1 + Math.cos(Math.PI * step / steps));
    }

    public static List<MetricPoint> curve(int steps, LongToDoubleFunction value) {
        List<MetricPoint> out = new ArrayList<>(steps);
        for (long s = 1; s <= steps; s++) {
            out.add(new MetricPoint(s, value.applyAsDouble(s)));
        }
        return out;
    }
}
