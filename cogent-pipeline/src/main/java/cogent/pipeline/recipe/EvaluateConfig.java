package cogent.pipeline.recipe;

import static cogent.data.InputException.require;

import cogent.pipeline.keys.Key;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Measuring the models. */
public record EvaluateConfig(
        @Key(
                doc = "files of benchmark descriptions or names of built-in ones; playground = held-out problems",
                def = "[]",
                path = true,
                aka = "tasks")
        List<String> benchmarks,

        @Key(doc = "where the data of a benchmark lies: {gsm8k: data/gsm8k_test.jsonl}", def = "{}", path = true)
        Map<String, String> data,

        @Key(
                doc =
                        "some of base, raw, sft, aligned, distilled and the names of endpoints; empty = all that there are",
                def = "[]")
        List<String> models,

        @Key(
                doc = "models behind OpenAI-compatible endpoints, with the keys of teacher, budgets excepted (they hold"
                        + " for the run in all): {qwq: {url: \"http://localhost:8000/v1\", model: Qwen/QwQ-32B}}",
                def = "{}")
        Map<String, EndpointConfig> endpoints,

        @Key(
                doc = "replies a problem; 0 = the benchmark's default",
                def = "0",
                range = "[0,)",
                aka = {"n", "num_samples"})
        int samples,

        @Key(doc = "the benchmark's number of samples for a quick look: AIME 16 in place of 64", def = "false")
        boolean quick,

        @Key(doc = "null = the benchmark's default; 0 = greedy", def = "null", range = "[0,)") @Nullable
        Double temperature,

        @Key(doc = "null = the benchmark's default", def = "null", range = "(0,1]") @Nullable
        Double topP,

        @Key(
                doc = "only the k likeliest tokens; 0 = off. This and the next two hold for models that run here; an"
                        + " endpoint has them in its extra_body",
                def = "0",
                range = "[0,)")
        int topK,

        @Key(
                doc = "tokens with at least this share of the likeliest one's probability; 0 = off",
                def = "0",
                range = "[0,1]")
        double minP,

        @Key(doc = "1 = off, 1.1 = mild; greedy decoding heeds it too", def = "1", range = "(0,)")
        double repetitionPenalty,

        @Key(doc = "0 = the benchmark's default", def = "0", range = "[0,)", aka = "max_gen_toks")
        int maxNewTokens,

        @Key(
                doc = "replies written at once",
                def = "32",
                range = "[1,)",
                operational = true,
                aka = "per_device_eval_batch_size")
        int batchSize,

        @Key(doc = "only the first problems; 0 = all", def = "0", range = "[0,)")
        int limit,

        @Key(
                doc = "LiveCodeBench runs programs that a model wrote: true = even where there is no sandbox",
                def = "false",
                operational = true)
        boolean unsandboxed) {
    /** The models that a run itself has or makes. */
    static final List<String> OWN = List.of("base", "raw", "sft", "aligned", "distilled");

    public EvaluateConfig {
        endpoints.forEach((name, endpoint) -> {
            require(
                    name.matches("[\\w-][\\w.-]*") && !OWN.contains(name),
                    "endpoints: an endpoint's name is made of letters, digits, '.', '-', '_' and is none of "
                            + String.join(", ", OWN) + ": \"" + name + "\"");
            unbudgeted(endpoint.budgetCalls() == 0, name, "budget_calls");
            unbudgeted(endpoint.budgetTokens() == 0, name, "budget_tokens");
            unbudgeted(endpoint.budgetCost() == 0, name, "budget_cost");
        });
    }

    private static void unbudgeted(boolean holds, String endpoint, String key) {
        require(holds, "endpoints." + endpoint + "." + key + ": a budget is the whole run's; set teacher." + key);
    }

    /** Filters that are on, to be told after how replies are drawn: {@code , top-k 20, repetition penalty 1.1}. */
    public String filters() {
        return (topK == 0 ? "" : ", top-k " + topK)
                + (minP == 0 ? "" : ", min-p " + minP)
                + (repetitionPenalty == 1 ? "" : ", repetition penalty " + repetitionPenalty);
    }
}
