package cogent.cli.recipe;

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
        Align align,
        Evaluate evaluate) {

    /** What stands for the built-in world in place of a path or an address. */
    public static final String PLAYGROUND = "playground";

    /** Where the triples (x, y, r) come from. */
    public record Corpus(@Nullable String path, Map<String, String> fields, long limit, double maxRefused) {
        public Corpus {
            require(maxRefused >= 0 && maxRefused <= 1, "max_refused is a share between 0 and 1");
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
    public record Student(@Nullable String model, String device) {
        public Student {
            require(
                    device.equals("cpu"),
                    "device can only be cpu so far: training and generation have not been brought to a GPU yet");
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

    /** What SFT and alignment have in common. */
    public interface Training {
        int epochs();

        int maxSteps();

        int batchSize();

        int microBatchTokens();

        double learningRate();

        String schedule();

        double warmupRatio();

        double weightDecay();

        double maxGradNorm();

        int maxLength();

        int checkpointSteps();
    }

    /** Supervised fine-tuning. */
    public record Sft(
            int epochs,
            int maxSteps,
            int batchSize,
            int microBatchTokens,
            double learningRate,
            String schedule,
            double warmupRatio,
            double weightDecay,
            double maxGradNorm,
            int maxLength,
            int checkpointSteps)
            implements Training {
        public Sft {
            requireTraining(epochs, batchSize, microBatchTokens, learningRate, schedule, maxLength, checkpointSteps);
        }
    }

    /** Preference alignment. */
    public record Align(
            boolean enabled,
            String objective,
            List<String> gaps,
            JsonNode beta,
            double labelSmoothing,
            String divergence,
            double divergenceAlpha,
            double gamma,
            double nllWeight,
            String nllPer,
            DynamicBeta dynamicBeta,
            int epochs,
            int maxSteps,
            int batchSize,
            int microBatchTokens,
            double learningRate,
            String schedule,
            double warmupRatio,
            double weightDecay,
            double maxGradNorm,
            int maxLength,
            int checkpointSteps)
            implements Training {
        /** The objectives by name. */
        public static final List<String> OBJECTIVES =
                List.of("cogpo", "dpo", "beta-dpo", "ipo", "hinge", "simpo", "orpo", "cpo");

        /** Those whose β may differ from pair to pair. */
        public static final List<String> BETA_OF_PAIRS = List.of("cogpo", "ipo", "hinge");

        public Align {
            requireTraining(epochs, batchSize, microBatchTokens, learningRate, schedule, maxLength, checkpointSteps);
            require(
                    !gaps.isEmpty()
                            && List.of("small", "medium", "large").containsAll(gaps)
                            && Set.copyOf(gaps).size() == gaps.size(),
                    "gaps are some of small, medium, large, each once");
            require(nllWeight >= 0 && nllWeight < Double.POSITIVE_INFINITY, "nll_weight must be 0 or more");
            require(List.of("token", "pair").contains(nllPer), "nll_per is token or pair");
            require(labelSmoothing >= 0 && labelSmoothing < 0.5, "label_smoothing must be 0 to below 0.5");
            require(OBJECTIVES.contains(objective), "objective is one of " + String.join(", ", OBJECTIVES));
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
            int samples,
            @Nullable Double temperature,
            @Nullable Double topP,
            int maxNewTokens,
            int batchSize,
            int limit) {}

    private static void requireTraining(
            int epochs,
            int batchSize,
            int microBatchTokens,
            double learningRate,
            String schedule,
            int maxLength,
            int checkpointSteps) {
        require(epochs > 0, "epochs must be at least 1");
        require(batchSize > 0, "batch_size must be at least 1");
        require(microBatchTokens > 0, "micro_batch_tokens must be at least 1");
        require(learningRate > 0, "learning_rate must be positive");
        require(
                List.of("cosine", "linear", "constant").contains(schedule),
                "schedule is one of cosine, linear, constant");
        require(maxLength > 1, "max_length must be at least 2");
        require(checkpointSteps > 0, "checkpoint_steps must be at least 1");
    }

    static void require(boolean holds, String message) {
        if (!holds) {
            throw new InputException(message);
        }
    }
}
