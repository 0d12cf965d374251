package cogent.cli.recipe;

import cogent.data.Gap;
import cogent.data.InputException;
import cogent.data.RowFormat;
import java.util.List;
import java.util.Map;
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

    /** Critique, Rethink, Verify and the pairs. */
    public record Curate(
            int inFlight,
            Map<String, String> prompts,
            Critic critic,
            Rethinker rethinker,
            Verifier verifier,
            Distractor distractor,
            Map<String, Double> beta) {
        public Curate {
            require(inFlight > 0, "in_flight must be at least 1");
            for (Gap gap : Gap.values()) {
                Double b = beta.get(lower(gap));
                require(b != null && b > 0 && !b.isInfinite(), "beta." + lower(gap) + " must be positive");
            }
        }

        public double beta(Gap gap) {
            return java.util.Objects.requireNonNull(beta.get(lower(gap)));
        }
    }

    /** Labels the rationales. */
    public record Critic(String view, int votes, Map<String, JsonNode> endpoint) {
        public Critic {
            require(votes > 0 && votes % 2 == 1, "votes must be odd, so that there is a majority");
        }
    }

    /** Rewrites the unsuitable ones. */
    public record Rethinker(int rounds, boolean recritique, Map<String, JsonNode> endpoint) {
        public Rethinker {
            require(rounds > 0, "rounds must be at least 1");
        }
    }

    /** Accepts or refuses the rewrites. */
    public record Verifier(List<String> checks, boolean medium, Map<String, JsonNode> endpoint) {
        public Verifier {
            require(
                    !checks.isEmpty() && List.of("judge", "rule", "blind").containsAll(checks),
                    "checks are some of judge, rule, blind");
        }
    }

    /** Writes wrong rationales. */
    public record Distractor(int perProblem, Map<String, JsonNode> endpoint) {
        public Distractor {
            require(perProblem >= 0, "per_problem cannot be negative");
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
            @Nullable Double beta,
            double labelSmoothing,
            double gamma,
            double nllWeight,
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
        public Align {
            requireTraining(epochs, batchSize, microBatchTokens, learningRate, schedule, maxLength, checkpointSteps);
            require(beta == null || beta > 0, "beta must be positive");
            require(nllWeight >= 0, "nll_weight cannot be negative");
            require(labelSmoothing >= 0 && labelSmoothing < 0.5, "label_smoothing must be 0 to below 0.5");
            require(
                    List.of("cogpo", "ipo", "hinge", "simpo", "orpo", "cpo").contains(objective),
                    "objective is one of cogpo, ipo, hinge, simpo, orpo, cpo; for DPO set align.beta");
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

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new InputException(message);
        }
    }

    private static String lower(Gap gap) {
        return gap.name().toLowerCase(java.util.Locale.ROOT);
    }
}
