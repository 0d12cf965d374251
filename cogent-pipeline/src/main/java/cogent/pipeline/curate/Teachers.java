package cogent.pipeline.curate;

import cogent.data.InputException;
import cogent.llm.ChatModel;
import cogent.llm.SamplingParams;
import cogent.llm.meter.Budget;
import cogent.llm.meter.Price;
import cogent.llm.openai.ApiKey;
import cogent.llm.openai.Endpoint;
import cogent.llm.resilience.Limits;
import cogent.llm.run.ChatModels;
import cogent.llm.store.SharedStore;
import cogent.llm.store.StoredReplies;
import cogent.pipeline.recipe.EndpointConfig;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.RecipeReader;
import cogent.pipeline.run.Version;
import cogent.playground.PlaygroundChat;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** From the recipe's words about endpoints to chat models. */
public final class Teachers {
    /** What follows a name or begins a query or fragment in an address. */
    private static final Pattern SECRET = Pattern.compile("[@?#]");

    private Teachers() {}

    /** The addresses of all agents. */
    static List<String> urls(Recipe recipe) {
        return recipe.curate().endpoints().values().stream()
                .map(own -> String.valueOf(
                        RecipeReader.endpoint(recipe.teacher(), own).url()))
                .sorted()
                .distinct()
                .toList();
    }

    /** The model behind an agent: the teacher with the agent's own settings laid over. */
    static ChatModel connect(ChatModels board, Recipe recipe, Map<String, JsonNode> own) {
        EndpointConfig settings = RecipeReader.endpoint(recipe.teacher(), own);
        return Recipe.PLAYGROUND.equals(settings.url())
                ? board.connect(new PlaygroundChat(), PlaygroundChat.NAME + " " + Version.NUMBER)
                : board.connect(board.sends() ? endpoint(settings) : endpoint(settings, ApiKey.NONE));
    }

    /** The stored replies of the model behind an agent: nothing is sent, and no key is needed. */
    static ChatModel recorded(Path run, Recipe recipe, Map<String, JsonNode> own) {
        EndpointConfig settings = RecipeReader.endpoint(recipe.teacher(), own);
        StoredReplies replies = new StoredReplies(run);
        if (Recipe.PLAYGROUND.equals(settings.url())) {
            String playground = PlaygroundChat.NAME + " " + Version.NUMBER;
            return replies.of(playground, playground);
        }
        Endpoint endpoint = endpoint(settings, ApiKey.NONE);
        return replies.of(endpoint.identity(), endpoint.unboundedIdentity());
    }

    /** In a few words, for those who read of a run. */
    public static String described(Recipe recipe) {
        String url = recipe.teacher().url();
        if (url == null) {
            return "no teacher";
        }
        return Recipe.PLAYGROUND.equals(url)
                ? "playground teacher (rule-based, offline)"
                : "teacher " + recipe.teacher().model() + " at " + url;
    }

    /** What the run may spend in all; 0 in the recipe means no limit. */
    public static Budget budget(EndpointConfig teacher) {
        return new Budget(
                teacher.budgetCalls() == 0 ? Long.MAX_VALUE : teacher.budgetCalls(),
                teacher.budgetTokens() == 0 ? Long.MAX_VALUE : teacher.budgetTokens(),
                teacher.budgetCost() == 0 ? Double.POSITIVE_INFINITY : teacher.budgetCost());
    }

    /**
     * An endpoint as the chat room wants it.
     *
     * @throws InputException when address or model is missing or makes no sense, or the key's variable is not set
     */
    public static Endpoint endpoint(EndpointConfig settings) {
        return endpoint(settings, settings.keyEnv() == null ? ApiKey.NONE : ApiKey.fromEnvironment(settings.keyEnv()));
    }

    private static Endpoint endpoint(EndpointConfig settings, ApiKey key) {
        if (settings.url() == null) {
            throw new InputException("teacher.url is not set: name an OpenAI-compatible endpoint such as"
                    + " http://localhost:8000/v1, or \"playground\" for the built-in rule-based one");
        }
        return endpoint(settings, key, "teacher");
    }

    /** What keeps the agents from being asked: addresses, models and keys that are not there. */
    public static List<String> missing(Recipe recipe) {
        Set<String> missing = new LinkedHashSet<>();
        new TreeMap<>(recipe.curate().endpoints()).values().forEach(own -> {
            EndpointConfig settings = RecipeReader.endpoint(recipe.teacher(), own);
            if (!Recipe.PLAYGROUND.equals(settings.url())) {
                try {
                    Endpoint _ = endpoint(settings);
                } catch (InputException e) {
                    missing.add(String.valueOf(e.getMessage()));
                }
            }
        });
        return List.copyOf(missing);
    }

    /** One of {@code evaluate.endpoints}. */
    public static Endpoint evaluated(Recipe recipe, String name) {
        return endpoint(evaluatedSettings(recipe, name), "evaluate.endpoints." + name);
    }

    public static EndpointConfig evaluatedSettings(Recipe recipe, String name) {
        return Objects.requireNonNull(recipe.evaluate().endpoints().get(name));
    }

    /** @param where the settings stand in the recipe */
    public static Endpoint endpoint(EndpointConfig settings, String where) {
        return endpoint(
                settings, settings.keyEnv() == null ? ApiKey.NONE : ApiKey.fromEnvironment(settings.keyEnv()), where);
    }

    private static Endpoint endpoint(EndpointConfig settings, ApiKey key, String where) {
        if (settings.url() == null) {
            throw new InputException(where + ".url is not set: name an OpenAI-compatible endpoint such as"
                    + " http://localhost:8000/v1");
        }
        if (settings.model() == null) {
            throw new InputException(where + ".model is not set: name the model as " + settings.url() + " knows it");
        }
        return new Endpoint(
                uris(settings.url(), where),
                settings.model(),
                key,
                sampling(settings),
                new Limits(
                        settings.concurrency(),
                        settings.requestsPerMinute(),
                        settings.tokensPerMinute(),
                        Duration.ofSeconds(settings.deadlineSeconds()),
                        settings.retries() + 1,
                        Limits.DEFAULT.patience()),
                new Price(settings.priceIn(), settings.priceOut()),
                Map.of(),
                settings.stream());
    }

    private static SamplingParams sampling(EndpointConfig settings) {
        Map<String, Object> extra = new LinkedHashMap<>();
        settings.extraBody()
                .forEach((key, value) -> extra.put(key, JsonMapper.shared().treeToValue(value, Object.class)));
        return new SamplingParams(
                settings.temperature(),
                settings.topP(),
                settings.maxTokens(),
                settings.seed(),
                settings.reasoningEffort(),
                extra);
    }

    /**
     * No address of the recipe holds a password: the recipe is written into the run's directory, and reports show it.
     *
     * @throws InputException naming the key, not the address
     */
    public static void requireNoSecrets(Recipe recipe) {
        Optional<SharedStore> _ = recipe.sharedStore(); // which refuses one
        requireNoSecret("teacher", recipe.teacher().url());
        recipe.curate().endpoints().forEach((key, own) -> requireNoSecret("curate." + key, url(own)));
        recipe.evaluate().endpoints().forEach((name, own) -> requireNoSecret("evaluate.endpoints." + name, own.url()));
        if (recipe.tracking().mlflow() != null
                && SECRET.matcher(recipe.tracking().mlflow()).find()) {
            throw new InputException(
                    "tracking.mlflow: an address carries a user, a password or a query, which would stand in"
                            + " the run's recipe. Give the address alone, and the rest by MLFLOW_TRACKING_USERNAME,"
                            + " MLFLOW_TRACKING_PASSWORD or MLFLOW_TRACKING_TOKEN; nothing was written");
        }
    }

    private static @Nullable String url(Map<String, JsonNode> own) {
        JsonNode url = own.get("url");
        return url == null || url.isNull() ? null : url.asString("");
    }

    private static void requireNoSecret(String key, @Nullable String addresses) {
        for (String address :
                addresses == null ? new String[0] : addresses.strip().split("\\s+", -1)) {
            String unversioned = Endpoint.API_VERSION.matcher(address).replaceFirst("");
            if (SECRET.matcher(unversioned).find()) { // whether or not it is a URL
                throw new InputException(key
                        + ".url: an address carries a user, a password or a query, which would stand in the run's recipe"
                        + " and report. Give the address alone, and the key by its environment variable (key_env);"
                        + " nothing was written");
            }
        }
    }

    /** Several addresses of one model stand in one value, separated by blanks. */
    private static List<URI> uris(String addresses, String key) {
        return Arrays.stream(addresses.strip().split("\\s+", -1))
                .map(address -> {
                    try {
                        return new URI(address);
                    } catch (URISyntaxException e) {
                        throw new InputException(
                                key + ".url \"" + address + "\" is no URL. Expected one like http://localhost:8000/v1",
                                e);
                    }
                })
                .toList();
    }
}
