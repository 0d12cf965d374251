package cogent.cli.report;

import cogent.data.Difficulty;
import cogent.data.Gap;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Everything that {@link Report} shows of a run. What has not run yet is empty, and the page says so. Texts are data:
 * they may hold anything and are escaped by the page. Shares and accuracies are fractions in [0, 1].
 *
 * @param stages the stages that the recipe asks for, in their order
 * @param curation empty until the curation has begun
 * @param trainings the trainings that have begun, in their order; those compared with each other beside one another
 * @param benchmarks the evaluations that have ended
 * @param recipe the YAML text as resolved, without secrets
 * @param environment JDK, libtorch, CPU, threads, memory, system
 * @param artefacts the files of the run directory with their hashes
 */
public record ReportData(
        Title title,
        List<Stage> stages,
        Optional<Curation> curation,
        List<Training> trainings,
        List<Benchmark> benchmarks,
        String recipe,
        List<Fact> environment,
        List<Artefact> artefacts) {
    public ReportData {
        stages = List.copyOf(stages);
        trainings = List.copyOf(trainings);
        benchmarks = List.copyOf(benchmarks);
        environment = List.copyOf(environment);
        artefacts = List.copyOf(artefacts);
    }

    /**
     * What run this is.
     *
     * @param version Cogent's version
     * @param written when the run ended, or when the report was written
     * @param duration wall-clock time over all stages so far
     * @param command what to type to have this run again
     */
    public record Title(
            String run,
            String version,
            Instant written,
            String student,
            String teacher,
            String device,
            OptionalLong seed,
            Duration duration,
            String command) {}

    /** The kinds of stages; the page's sections belong to them. */
    public enum StageKind {
        BASELINE,
        CURATE,
        SFT,
        ALIGN,
        EVALUATE
    }

    /**
     * One stage of the recipe.
     *
     * @param name as the user knows it: {@code raw sft}, {@code curate}
     * @param summary what it did so far in a few words: {@code 500 steps, 2m41s}; empty when nothing
     * @param command what runs this stage alone
     */
    public record Stage(StageKind kind, String name, State state, String summary, String command) {
        /** How far a stage is. */
        public enum State {
            DONE,
            PARTLY,
            NOT_RUN
        }
    }

    /**
     * What the agents made of the corpus.
     *
     * @param corpus samples that were read and taken
     * @param labels samples by the Critic's label; a sample without label is still waiting or was refused there
     * @param mediumKept medium originals that became SFT rows
     * @param rounds the rethink–verify rounds, the first first
     * @param refused samples left out, by reason
     * @param sftRows rows of {@code sft.jsonl}
     * @param pairs rows of {@code preferences.jsonl} by gap
     * @param votesAgree samples on which all of the Critic's votes agree; empty when it votes once
     * @param judgeAgreesWithRule verdicts on which the Verifier and the rule check say the same
     */
    public record Curation(
            long corpus,
            Map<Difficulty, Long> labels,
            long mediumKept,
            List<Round> rounds,
            List<Count> refused,
            long sftRows,
            List<GapPairs> pairs,
            List<AgentUse> agents,
            Optional<Share> votesAgree,
            Optional<Share> judgeAgreesWithRule,
            List<CurationExample> examples) {
        public Curation {
            labels = Map.copyOf(labels);
            rounds = List.copyOf(rounds);
            refused = List.copyOf(refused);
            pairs = List.copyOf(pairs);
            agents = List.copyOf(agents);
            examples = List.copyOf(examples);
        }

        /** Samples with this label. */
        public long labelled(Difficulty label) {
            return labels.getOrDefault(label, 0L);
        }

        /** Rewrites that passed, over all rounds. */
        public long verified() {
            return rounds.stream().mapToLong(Round::verified).sum();
        }

        /** Samples left out, over all reasons. */
        public long refusedTotal() {
            return refused.stream().mapToLong(Count::count).sum();
        }
    }

    /** One rethink–verify round: how many samples were rewritten in it and how many of the rewrites passed. */
    public record Round(long rewritten, long verified) {}

    /** How many of something. */
    public record Count(String name, long count) {}

    /** {@code hits} out of {@code of}. */
    public record Share(long hits, long of) {}

    /** Preference pairs of one gap, and their β. */
    public record GapPairs(Gap gap, double beta, long pairs) {}

    /**
     * What one agent used.
     *
     * @param unparsed replies that could not be read and were asked for again
     * @param dollars empty when the price is not known, 0 when it costs nothing
     */
    public record AgentUse(
            String agent,
            long calls,
            long promptTokens,
            long completionTokens,
            long unparsed,
            OptionalDouble dollars) {}

    /**
     * One sample's way through the agents.
     *
     * @param reason the Critic's reason; empty when it gives none
     * @param attempts the rewrites, the first round first; empty for a medium original
     * @param wrong a rationale that is wrong on purpose, where the sample has one
     */
    public record CurationExample(
            String id,
            String problem,
            String answer,
            String original,
            Difficulty label,
            String reason,
            List<Attempt> attempts,
            Optional<Wrong> wrong) {
        public CurationExample {
            attempts = List.copyOf(attempts);
        }
    }

    /** One rewrite: did it pass, and what the Verifier and the rule check said, a line each. */
    public record Attempt(String rewrite, boolean passed, List<String> verdicts) {
        public Attempt {
            verdicts = List.copyOf(verdicts);
        }
    }

    /**
     * A rationale that ends in a wrong answer.
     *
     * @param from where it comes from: {@code distractor}, {@code refused-rewrite}, {@code student}
     * @param conclusion the wrong answer that it states
     * @param betas β of the pairs that it is the rejected side of
     */
    public record Wrong(String rationale, String from, String conclusion, Map<Gap, Double> betas) {
        public Wrong {
            betas = Map.copyOf(betas);
        }
    }

    /** What a training minimises; it decides which curves are shown. */
    public enum Objective {
        SFT,
        PREFERENCE
    }

    /**
     * One training run.
     *
     * @param name as in the result table: {@code raw SFT}, {@code CRV}, {@code CRV + CogPO}
     * @param steps optimiser steps done
     * @param plannedSteps optimiser steps that the recipe asks for
     * @param maxGradNorm where gradients are clipped; empty when they are not
     * @param metrics by TRL's names ({@code loss}, {@code rewards/margins}, …); those of one gap end in {@code /small},
     *     {@code /medium}, {@code /large}
     */
    public record Training(
            String name,
            Objective objective,
            long steps,
            long plannedSteps,
            OptionalDouble maxGradNorm,
            Map<String, List<Point>> metrics) {
        public Training {
            metrics = Map.copyOf(metrics);
        }

        /** The curve of that name: by step, one point a step (the last written, after a resume), or empty. */
        public List<Point> curve(String metric) {
            return Point.inOrder(metrics.getOrDefault(metric, List.of()));
        }
    }

    /**
     * The models on one set of problems.
     *
     * @param decoding how answers were drawn: {@code greedy}, {@code temperature 0.6, 16 samples}
     * @param comparisons paired differences, each against a named baseline
     * @param examples problems with every model's answer
     */
    public record Benchmark(
            String name,
            String decoding,
            List<ModelResult> models,
            List<Comparison> comparisons,
            List<EvaluationExample> examples) {
        public Benchmark {
            models = List.copyOf(models);
            comparisons = List.copyOf(comparisons);
            examples = List.copyOf(examples);
        }
    }

    /** A 95 % confidence interval. */
    public record Interval(double low, double high) {}

    /**
     * One model on one benchmark.
     *
     * @param correct answers that are right, of {@code n} answers
     * @param interval of the accuracy, as a fraction
     * @param meanTokens mean length of an answer
     * @param truncated answers cut off by the token limit
     * @param unparsed answers in which no final answer was found
     */
    public record ModelResult(
            String model, long correct, long n, Interval interval, double meanTokens, long truncated, long unparsed) {
        /** correct / n; not a number when nothing was asked. */
        public double accuracy() {
            return (double) correct / n;
        }
    }

    /**
     * Two models on the same problems, paired by problem.
     *
     * @param difference accuracy of {@code model} minus that of {@code baseline}, as a fraction
     * @param interval 95 % interval of the difference
     * @param pValue of the paired test, two-sided
     * @param gained problems that only {@code model} solves
     * @param lost problems that only {@code baseline} solves
     * @param n problems that both were asked
     */
    public record Comparison(
            String model,
            String baseline,
            double difference,
            Interval interval,
            double pValue,
            long gained,
            long lost,
            long n) {}

    /** A problem and what each model answered, in the order of the result table. */
    public record EvaluationExample(String id, String problem, String answer, List<ModelAnswer> answers) {
        public EvaluationExample {
            answers = List.copyOf(answers);
        }
    }

    /**
     * One model's answer to one problem.
     *
     * @param text the whole answer
     * @param conclusion the final answer found in it; empty when none was
     */
    public record ModelAnswer(String model, String text, String conclusion, boolean right) {}

    /** A named value of the environment. */
    public record Fact(String name, String value) {}

    /** A file of the run directory. */
    public record Artefact(String path, long bytes, String sha256) {}
}
