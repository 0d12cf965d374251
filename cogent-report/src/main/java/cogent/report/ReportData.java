package cogent.report;

import cogent.curate.student.StudentFigures;
import cogent.data.Difficulty;
import cogent.data.Gap;
import cogent.eval.Interval;
import cogent.pipeline.result.ModelComparison;
import cogent.pipeline.run.Environment.Fact;
import cogent.pipeline.run.MetricPoint;
import cogent.report.chart.Curve;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;

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
     * @param notes what there is to say besides, a sentence each
     * @param corpus rows of the corpus, those that were refused before any agent saw them included
     * @param labels samples by the Critic's label; a sample without label is still waiting or was refused there
     * @param mediumKept medium originals that became SFT rows
     * @param verifiedAtRound verified rewrites by the round, from 1, that brought them
     * @param refused samples left out, by reason
     * @param sftRows rows of {@code sft.jsonl}
     * @param pairs rows of {@code preferences.jsonl} by gap
     * @param wrongRationales wrong rationales asked for, by what became of them
     * @param voteAgreement mean share of a sample's votes that went to its label; empty when the Critic votes once
     * @param judgeAgreement how often the Verifier's judge and each other check say the same
     * @param student what the measured student makes of the rationales; empty when it is not measured
     */
    public record Curation(
            List<String> notes,
            long corpus,
            Map<Difficulty, Long> labels,
            long mediumKept,
            Map<Integer, Long> verifiedAtRound,
            List<Counted> refused,
            long sftRows,
            List<GapPairs> pairs,
            List<Counted> wrongRationales,
            List<AgentUse> agents,
            OptionalDouble voteAgreement,
            List<Agreement> judgeAgreement,
            Optional<StudentView> student,
            List<CurationExample> examples) {
        public Curation {
            notes = List.copyOf(notes);
            labels = Map.copyOf(labels);
            verifiedAtRound = Map.copyOf(verifiedAtRound);
            refused = List.copyOf(refused);
            pairs = List.copyOf(pairs);
            wrongRationales = List.copyOf(wrongRationales);
            agents = List.copyOf(agents);
            judgeAgreement = List.copyOf(judgeAgreement);
            examples = List.copyOf(examples);
        }

        /** Samples with this label. */
        public long labelled(Difficulty label) {
            return labels.getOrDefault(label, 0L);
        }

        /** Samples left out, over all reasons. */
        public long refusedTotal() {
            return refused.stream().mapToLong(Counted::count).sum();
        }
    }

    /**
     * What the measured student makes of the rationales.
     *
     * @param figures by the teacher's label; by the student's own where the teacher was not asked
     * @param counts rationales by both labels, {@code hard/medium}, the teacher's first; empty where it was not asked
     * @param disagreements ids of a few samples by labels that differ
     */
    public record StudentView(
            Map<Difficulty, StudentFigures> figures,
            Map<String, Long> counts,
            Map<String, List<String>> disagreements) {
        public StudentView {
            figures = Map.copyOf(figures);
            counts = Map.copyOf(counts);
            disagreements = Collections.unmodifiableMap(new TreeMap<>(disagreements));
        }

        /** Rationales with these labels. */
        public long count(Difficulty teacher, Difficulty student) {
            return counts.getOrDefault((teacher + "/" + student).toLowerCase(Locale.ROOT), 0L);
        }
    }

    /** How many of something. */
    public record Counted(String name, long count, String example) {
        public Counted(String name, long count) {
            this(name, count, "");
        }
    }

    /** The judge and another check ({@code rule}, {@code blind}) on the same rewrites: {@code same} of {@code all}. */
    public record Agreement(String check, long same, long all) {}

    /**
     * Preference pairs of one gap.
     *
     * @param beta β of these pairs
     * @param chosenLonger share of the pairs whose chosen side is the longer one, ties counted half
     */
    public record GapPairs(Gap gap, double beta, long pairs, double chosenLonger) {}

    /**
     * What one agent used.
     *
     * @param reasoningTokens the models' own thinking, part of the completion tokens
     * @param inVain replies that could not be used: paid for in vain
     * @param lost calls that were sent and brought no reply: perhaps billed, and in none of the other figures
     * @param lostCost what those cost at most
     * @param cost in the currency of the prices; empty when the price is not known, 0 when it costs nothing
     */
    public record AgentUse(
            String agent,
            long calls,
            long promptTokens,
            long completionTokens,
            long reasoningTokens,
            long inVain,
            long lost,
            double lostCost,
            OptionalDouble cost) {}

    /**
     * One sample's way through the agents.
     *
     * @param reason the Critic's reason; empty when it gives none
     * @param attempts the rewrites, the first round first; empty for a medium original
     * @param wrong rationales that end in a wrong answer and are rejected sides of this sample's pairs
     */
    public record CurationExample(
            String id,
            String problem,
            String answer,
            String original,
            Difficulty label,
            String reason,
            List<Attempt> attempts,
            List<Wrong> wrong) {
        public CurationExample {
            attempts = List.copyOf(attempts);
            wrong = List.copyOf(wrong);
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
        PREFERENCE,
        DISTILLATION
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
            Map<String, List<MetricPoint>> metrics) {
        public Training {
            metrics = Map.copyOf(metrics);
        }

        /** The curve of that name: by step, one point a step (the last written, after a resume), or empty. */
        public List<MetricPoint> curve(String metric) {
            return Curve.inOrder(metrics.getOrDefault(metric, List.of()));
        }
    }

    /**
     * The models on one set of problems.
     *
     * @param decoding how answers were drawn: {@code greedy}, {@code temperature 0.6, 16 samples}
     * @param comparisons paired differences, each against a named baseline
     * @param examples problems with every model's answer
     * @param undecided answers that the checker can call neither equal nor different; they count as wrong
     */
    public record Benchmark(
            String name,
            String decoding,
            List<ModelResult> models,
            List<ModelComparison> comparisons,
            List<EvaluationExample> examples,
            List<Undecided> undecided) {
        public Benchmark {
            undecided = List.copyOf(undecided);
            models = List.copyOf(models);
            comparisons = List.copyOf(comparisons);
            examples = List.copyOf(examples);
        }
    }

    /**
     * One model on one benchmark.
     *
     * @param correct answers that are right, of {@code n} answers
     * @param interval of the accuracy, as a fraction
     * @param meanTokens mean length of an answer
     * @param truncated answers cut off by the token limit
     * @param unstated answers that state no final answer
     */
    public record ModelResult(
            String model, long correct, long n, Interval interval, double meanTokens, long truncated, long unstated) {
        /** correct / n; not a number when nothing was asked. */
        public double accuracy() {
            return (double) correct / n;
        }
    }

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
     * @param judgement what decided it, and what to look at where the verdict may be a mistake
     */
    public record ModelAnswer(
            String model, String text, String conclusion, boolean right, boolean undecided, String judgement) {
        public ModelAnswer(String model, String text, String conclusion, boolean right) {
            this(model, text, conclusion, right, false, "");
        }
    }

    /** An answer that the checker cannot tell, with the answer sought and why it cannot. */
    public record Undecided(String model, String problem, String reference, String conclusion, String reason) {}

    /** A file of the run directory. */
    public record Artefact(String path, long bytes, String sha256) {}
}
