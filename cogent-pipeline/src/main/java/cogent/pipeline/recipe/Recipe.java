package cogent.pipeline.recipe;

import cogent.data.InputException;
import cogent.data.RowFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A recipe as resolved: every setting has a value. The meaning of each stands in {@code defaults.yaml}. */
public record Recipe(
        String name,
        String runs,
        long seed,
        int threads,
        Corpus corpus,
        Playground playground,
        RowFormat format,
        Student student,
        Endpoint teacher,
        Curate curate,
        RawSft rawSft,
        Sft sft,
        OnPolicy onPolicy,
        Align align,
        Evaluate evaluate) {

    public Recipe {
        Training.check(sft, "sft");
        Training.check(align, "align");
    }

    /** Whether there are rows to train on in place of a corpus to curate. */
    public boolean bringsRows() {
        return corpus.path() == null && (sft.rows() != null || align.rows() != null);
    }

    /** Whether an SFT model is made. */
    public boolean fineTunes() {
        return !bringsRows() || sft.rows() != null;
    }

    /** Whether an aligned model is made. */
    public boolean aligns() {
        return align.enabled() && (!bringsRows() || align.rows() != null);
    }

    /** What stands for the built-in world in place of a path or an address. */
    public static final String PLAYGROUND = "playground";

    /** Where the triples (x, y, r) come from. */
    public record Corpus(
            @Nullable String path,
            Map<String, String> fields,
            long limit,
            double maxRefused,
            double heldOut,
            Clean clean) {
        public Corpus {
            require(maxRefused >= 0 && maxRefused <= 1, "max_refused is a share between 0 and 1");
            require(heldOut >= 0 && heldOut < 1, "held_out is a share from 0 to below 1");
        }
    }

    /** The built-in world. */
    public record Playground(int problems, int heldOut, int steps, int largest) {
        public Playground {
            require(problems > 0, "problems must be at least 1");
            require(heldOut >= 0, "held_out cannot be negative");
        }
    }

    /** The small model. */
    public record Student(@Nullable String model, String device, String dtype) {
        public Student {
            require(device.matches("cpu|cuda(:\\d{1,3})?"), "device is cpu, cuda or cuda:N");
            require(List.of("fp32", "bf16").contains(dtype), "dtype is fp32 or bf16");
        }
    }

    /** An OpenAI-compatible endpoint with the sampling asked of it. */
    public record Endpoint(
            @Nullable String url,
            @Nullable String model,
            @Nullable String keyEnv,
            @Nullable Double temperature,
            @Nullable Double topP,
            @Nullable Integer maxTokens,
            @Nullable Long seed,
            @Nullable String reasoningEffort,
            Map<String, JsonNode> extraBody,
            int concurrency,
            int requestsPerMinute,
            int tokensPerMinute,
            long deadlineSeconds,
            int retries,
            double priceIn,
            double priceOut,
            long budgetCalls,
            long budgetTokens,
            double budgetCost) {
        public Endpoint {
            require(concurrency > 0, "concurrency must be at least 1");
            require(deadlineSeconds > 0, "deadline_seconds must be positive");
            require(retries >= 0, "retries cannot be negative");
        }
    }

    /** The baseline on the corpus as it is. */
    public record RawSft(boolean enabled) {}

    /** The SFT model's own wrong answers as rejected sides. */
    public record OnPolicy(
            int samples,
            int perProblem,
            int problems,
            double temperature,
            double topP,
            int maxNewTokens,
            int batchSize) {
        public OnPolicy {
            require(samples >= 0, "samples cannot be negative; 0 = none");
            require(perProblem > 0, "per_problem must be at least 1");
            require(problems >= 0, "problems cannot be negative; 0 = all");
            require(temperature >= 0, "temperature cannot be negative; 0 = greedy");
            require(samples <= 1 || temperature > 0, "temperature 0 gives the same reply each time: samples must be 1");
            require(topP > 0 && topP <= 1, "top_p must be above 0 and up to 1");
            require(maxNewTokens > 0, "max_new_tokens must be at least 1");
            require(batchSize > 0, "batch_size must be at least 1");
        }
    }

    /** What SFT and alignment have in common. */
    public interface Training {
        int epochs();

        int maxSteps();

        int batchSize();

        int batchTokens();

        int microBatchTokens();

        String layout();

        int recompute();

        String dtype();

        double learningRate();

        String schedule();

        double warmupRatio();

        double decayRatio();

        double weightDecay();

        List<String> noDecay();

        double maxGradNorm();

        int maxLength();

        String truncate();

        List<String> freeze();

        Lora lora();

        HoldOut holdOut();

        String onNan();

        int checkpointSteps();

        int checkpointsKept();

        List<String> logTo();

        /** @throws InputException naming the key that is wrong */
        private static void check(Training t, String stage) {
            String at = stage + ".";
            require(t.epochs() > 0, at + "epochs must be at least 1");
            require(t.maxSteps() >= 0, at + "max_steps cannot be negative");
            require(t.batchSize() > 0, at + "batch_size must be at least 1");
            require(t.batchTokens() >= 0, at + "batch_tokens cannot be negative");
            require(t.microBatchTokens() > 0, at + "micro_batch_tokens must be at least 1");
            oneOf(t.layout(), at + "layout", "shared", "packed", "padded");
            oneOf(t.dtype(), at + "dtype", "fp32", "bf16");
            require(t.recompute() >= 0, at + "recompute cannot be negative");
            require(
                    t.learningRate() > 0 && t.learningRate() < Double.POSITIVE_INFINITY,
                    at + "learning_rate must be positive");
            oneOf(t.schedule(), at + "schedule", "cosine", "linear", "constant", "wsd");
            require(t.warmupRatio() >= 0 && t.warmupRatio() <= 1, at + "warmup_ratio is a share between 0 and 1");
            require(t.decayRatio() >= 0 && t.decayRatio() <= 1, at + "decay_ratio is a share between 0 and 1");
            require(
                    !t.schedule().equals("wsd") || t.warmupRatio() + t.decayRatio() <= 1,
                    at + "warmup_ratio and decay_ratio are more than the whole run together");
            require(t.weightDecay() >= 0 && t.weightDecay() < 1, at + "weight_decay must be 0 to below 1");
            require(t.maxLength() > 1, at + "max_length must be at least 2");
            oneOf(t.truncate(), at + "truncate", "drop", "prompt_left", "completion");
            oneOf(t.onNan(), at + "on_nan", "stop", "skip");
            require(t.checkpointSteps() > 0, at + "checkpoint_steps must be at least 1");
            require(t.checkpointsKept() > 0, at + "checkpoints_kept must be at least 1");
            t.logTo().forEach(to -> oneOf(to, at + "log_to", "tensorboard", "mlflow"));
            require(
                    t.lora().rank() == 0 || t.freeze().isEmpty(),
                    at + "freeze and lora cannot go together: with an adapter all weights are frozen");
            require(
                    t.lora().dropout() == 0 || t.recompute() == 0,
                    at + "lora.dropout and recompute cannot go together: what is computed again would be drawn anew");
        }

        private static void oneOf(String value, String key, String... known) {
            require(List.of(known).contains(value), key + " is one of " + String.join(", ", known) + ", not " + value);
        }
    }

    /** A low-rank adapter in place of the weights; rank 0: none. */
    public record Lora(int rank, double alpha, double dropout, boolean rslora, List<String> targets) {
        public Lora {
            require(rank >= 0, "rank cannot be negative");
            require(alpha > 0 && alpha < Double.POSITIVE_INFINITY, "alpha must be positive");
            require(dropout >= 0 && dropout < 1, "dropout must be 0 to below 1");
            Set<String> known = cogent.model.decoder.Lora.Settings.ALL_LINEAR;
            require(
                    !targets.isEmpty() && known.containsAll(targets),
                    "targets are some of "
                            + String.join(", ", known.stream().sorted().toList()) + ", not " + targets);
        }
    }

    /** Evaluation on held-out rows while training; share 0: none. */
    public record HoldOut(double share, int every, String metric, int patience, boolean best) {
        public HoldOut {
            require(share >= 0 && share < 1, "share must be 0 to below 1");
            require(every > 0, "every must be at least 1 step");
            require(List.of("loss", "accuracy").contains(metric), "metric is loss or accuracy, not " + metric);
            require(patience >= 0, "patience cannot be negative");
        }
    }

    /** Supervised fine-tuning. */
    public record Sft(
            @Nullable String rows,
            int epochs,
            int maxSteps,
            int batchSize,
            int batchTokens,
            int microBatchTokens,
            String layout,
            int recompute,
            String dtype,
            double learningRate,
            String schedule,
            double warmupRatio,
            double decayRatio,
            double weightDecay,
            List<String> noDecay,
            double maxGradNorm,
            int maxLength,
            String truncate,
            List<String> freeze,
            Lora lora,
            HoldOut holdOut,
            String onNan,
            int checkpointSteps,
            int checkpointsKept,
            List<String> logTo)
            implements Training {}

    /** Preference alignment. */
    public record Align(
            boolean enabled,
            @Nullable String rows,
            String objective,
            List<String> gaps,
            JsonNode beta,
            double labelSmoothing,
            String divergence,
            double divergenceAlpha,
            double gamma,
            double dpopLambda,
            double nllWeight,
            String nllPer,
            DynamicBeta dynamicBeta,
            int epochs,
            int maxSteps,
            int batchSize,
            int batchTokens,
            int microBatchTokens,
            String layout,
            int recompute,
            String dtype,
            double learningRate,
            String schedule,
            double warmupRatio,
            double decayRatio,
            double weightDecay,
            List<String> noDecay,
            double maxGradNorm,
            int maxLength,
            String truncate,
            List<String> freeze,
            Lora lora,
            HoldOut holdOut,
            String onNan,
            int checkpointSteps,
            int checkpointsKept,
            List<String> logTo)
            implements Training {
        /** The objectives by name. */
        public static final List<String> OBJECTIVES =
                List.of("cogpo", "dpo", "beta-dpo", "dpop", "ipo", "hinge", "simpo", "orpo", "cpo");

        /** Those whose β may differ from pair to pair. */
        public static final List<String> BETA_OF_PAIRS = List.of("cogpo", "dpop", "ipo", "hinge");

        public Align {
            require(
                    !gaps.isEmpty()
                            && List.of("small", "medium", "large").containsAll(gaps)
                            && Set.copyOf(gaps).size() == gaps.size(),
                    "gaps are some of small, medium, large, each once");
            require(
                    !truncate.equals("completion"),
                    "truncate completion is for SFT: the sides of a pair must stay comparable");
            require(nllWeight >= 0 && nllWeight < Double.POSITIVE_INFINITY, "nll_weight must be 0 or more");
            require(List.of("token", "pair").contains(nllPer), "nll_per is token or pair");
            require(dpopLambda >= 0 && dpopLambda < Double.POSITIVE_INFINITY, "dpop_lambda must be 0 or more");
            require(labelSmoothing >= 0 && labelSmoothing < 0.5, "label_smoothing must be 0 to below 0.5");
            require(
                    OBJECTIVES.contains(objective),
                    "objective is one of " + String.join(", ", OBJECTIVES) + ", not " + objective);
            require(Double.isFinite(gamma), "gamma must be a number");
            require(
                    List.of("reverse-kl", "js", "alpha").contains(divergence),
                    "divergence is one of reverse-kl, js, alpha");
            require(
                    divergenceAlpha > 0 && divergenceAlpha < 1,
                    "divergence_alpha must lie between 0 and 1, both left out");
            require(
                    beta.isNull() || isPositive(beta) || isGapScore(beta),
                    "beta is null, a positive number, or {from: gap-score, low: L, high: H} with 0 < L <= H, not "
                            + beta);
            require(
                    !beta.isObject() || BETA_OF_PAIRS.contains(objective),
                    "beta cannot come from a gap score with objective " + objective + ", which has one for all pairs");
            require(
                    objective.equals("simpo") || gamma == 0.5,
                    "gamma is simpo's margin: objective " + objective + " knows none");
            require(
                    divergence.equals("alpha") || divergenceAlpha == 0.5,
                    "divergence_alpha is for divergence alpha, not " + divergence);
            require(
                    objective.equals("beta-dpo") || dynamicBeta.equals(DynamicBeta.PAPER),
                    "dynamic_beta is for objective beta-dpo, not " + objective);
            boolean shaped = labelSmoothing > 0 || !divergence.equals("reverse-kl");
            require(
                    !shaped || List.of("cogpo", "dpo", "beta-dpo").contains(objective),
                    "objective " + objective
                            + " knows no label_smoothing and no divergence: they are for cogpo, dpo and" + " beta-dpo");
        }

        private static boolean isPositive(JsonNode value) {
            return value.isNumber() && value.asDouble() > 0 && value.asDouble() < Double.POSITIVE_INFINITY;
        }

        private static boolean isGapScore(JsonNode beta) {
            JsonNode low = beta.path("low");
            JsonNode high = beta.path("high");
            return beta.path("from").asString("").equals("gap-score")
                    && beta.size() == 3
                    && isPositive(low)
                    && isPositive(high)
                    && low.asDouble() <= high.asDouble();
        }
    }

    /** What β-DPO's β follows. */
    public record DynamicBeta(double alpha, double momentum, double keep) {
        /** What a recipe has that says nothing of it. */
        static final DynamicBeta PAPER = new DynamicBeta(0.6, 0.9, 0.8);

        public DynamicBeta {
            require(alpha >= 0 && alpha < Double.POSITIVE_INFINITY, "alpha must be 0 or more");
            require(momentum >= 0 && momentum < 1, "momentum must be 0 to below 1");
            require(keep > 0 && keep <= 1, "keep is a share above 0, at most 1");
        }
    }

    /** Measuring the models. */
    public record Evaluate(
            List<String> benchmarks,
            Map<String, String> data,
            List<String> models,
            Map<String, Map<String, JsonNode>> endpoints,
            int samples,
            boolean quick,
            @Nullable Double temperature,
            @Nullable Double topP,
            int topK,
            double minP,
            double repetitionPenalty,
            int maxNewTokens,
            int batchSize,
            int limit,
            boolean unsandboxed) {
        public Evaluate {
            require(samples >= 0, "samples cannot be negative; 0 = the benchmark's default");
            require(maxNewTokens >= 0, "max_new_tokens cannot be negative; 0 = the benchmark's default");
            require(batchSize > 0, "batch_size must be at least 1");
            require(limit >= 0, "limit cannot be negative; 0 = all");
            require(temperature == null || temperature >= 0, "temperature cannot be negative; 0 = greedy");
            require(topP == null || (topP > 0 && topP <= 1), "top_p must be above 0 and up to 1");
            require(topK >= 0, "top_k cannot be negative; 0 = off");
            require(minP >= 0 && minP <= 1, "min_p must be from 0 (off) to 1");
            require(
                    repetitionPenalty > 0 && repetitionPenalty < Double.POSITIVE_INFINITY,
                    "repetition_penalty must be above 0; 1 = off");
        }

        /** Filters that are on, to be told after how replies are drawn: {@code , top-k 20, repetition penalty 1.1}. */
        public String filters() {
            return (topK == 0 ? "" : ", top-k " + topK)
                    + (minP == 0 ? "" : ", min-p " + minP)
                    + (repetitionPenalty == 1 ? "" : ", repetition penalty " + repetitionPenalty);
        }
    }

    static void require(boolean holds, String message) {
        if (!holds) {
            throw new InputException(message);
        }
    }
}
