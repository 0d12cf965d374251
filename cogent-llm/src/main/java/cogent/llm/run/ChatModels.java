package cogent.llm.run;

import cogent.llm.ChatException;
import cogent.llm.ChatModel;
import cogent.llm.SamplingParams;
import cogent.llm.batch.BatchWave;
import cogent.llm.batch.Offline;
import cogent.llm.meter.Budget;
import cogent.llm.meter.Meter;
import cogent.llm.meter.Price;
import cogent.llm.meter.UsageTotals;
import cogent.llm.openai.Endpoint;
import cogent.llm.openai.LoadBalanced;
import cogent.llm.openai.LoadBalancer;
import cogent.llm.openai.OpenAiChat;
import cogent.llm.resilience.Gate;
import cogent.llm.resilience.Limits;
import cogent.llm.resilience.Resilient;
import cogent.llm.resilience.Throttle;
import cogent.llm.resilience.Time;
import cogent.llm.store.CallStore;
import cogent.llm.store.RunDatabase;
import cogent.llm.store.Stored;
import cogent.llm.store.Unanswered;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Where a run gets its chat models. All of them share one store ({@code run.db}), one meter with one budget, and the
 * HTTP connections; those that speak to the same model at the same place share one limiter, whatever their sampling.
 *
 * <p>Each is composed as {@code stored(resilient(metered(balanced(transport…))))}; why in this order:
 * {@code docs/decisions/chat-wrappers.md}.
 *
 * <pre>{@code
 * try (var database = RunDatabase.open(run); var models = new ChatModels(database, Budget.UNLIMITED)) {
 *     ChatModel teacher = models.connect(Endpoint.at("http://localhost:8000/v1", "Qwen/QwQ-32B"));
 * }
 * }</pre>
 */
public final class ChatModels implements AutoCloseable {
    private final OkHttpClient client = OpenAiChat.client();
    private final Map<Backend, Throttle> throttles = new ConcurrentHashMap<>();
    private final Map<Backend, LoadBalancer> balancers = new ConcurrentHashMap<>();
    private final RunDatabase database;
    private final CallStore store;
    private final Unanswered unanswered;
    private final Meter meter;
    private final Time time;
    private final @Nullable Offline offline;
    private final Set<String> adaptations = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    /** @param budget for the run in all: what its earlier sessions spent counts */
    public ChatModels(RunDatabase database, Budget budget) {
        this(database, budget, Time.SYSTEM);
    }

    ChatModels(RunDatabase database, Budget budget, Time time) {
        this(database, budget, meter(database, database.peers().isPresent() ? Budget.UNLIMITED : budget), time, null);
    }

    private ChatModels(RunDatabase database, Budget budget, Meter meter, Time time, @Nullable Offline offline) {
        this.store = new CallStore(database);
        this.unanswered = new Unanswered(database, budget);
        this.database = database;
        this.meter = meter;
        this.time = time;
        this.offline = offline;
    }

    private static Meter meter(RunDatabase database, Budget budget) {
        return new Meter(budget, database.read(CallStore::usageByAgent), database.read(Unanswered::lost));
    }

    /**
     * Answers from stored replies alone. What is not stored fails with a {@link ChatException} of kind PENDING and counts
     * as failed for its agent.
     */
    public static ChatModels stored(RunDatabase database) {
        Meter meter = meter(database, Budget.UNLIMITED);
        return new ChatModels(database, Budget.UNLIMITED, meter, Time.SYSTEM, (_, prompt, _) -> {
            meter.failed(prompt.agent());
            throw ChatException.pending();
        });
    }

    /**
     * Answers from stored replies alone. What is not stored goes into the wave's files, as far as the budget bears it, and
     * fails with a {@link ChatException} of kind PENDING.
     */
    public static ChatModels batched(RunDatabase database, Budget budget, BatchWave wave) {
        Meter meter = meter(database, budget);
        wave.countOn(meter);
        return new ChatModels(database, budget, meter, Time.SYSTEM, wave);
    }

    /** A model behind HTTP. Nothing is sent yet. */
    public ChatModel connect(Endpoint endpoint) {
        return new Stored(
                offline == null
                        ? fetching(lasting(endpoint))
                        : (prompt, request) -> offline.ask(endpoint, prompt, request),
                endpoint.model(),
                endpoint.identity(),
                endpoint.unboundedIdentity(),
                endpoint.sampling(),
                store,
                meter,
                endpoint.price());
    }

    private ChatModel lasting(Endpoint endpoint) {
        Limits limits = endpoint.limits();
        Backend backend =
                new Backend(endpoint.bases(), endpoint.model(), endpoint.key().toString());
        Throttle throttle = throttles.computeIfAbsent(
                backend,
                _ -> new Throttle(
                        limits,
                        time,
                        database.peers()
                                .map(peers -> peers.gate(backend.toString(), limits))
                                .orElse(Gate.OPEN)));
        if (stopped) {
            stop(throttle);
        }
        List<OpenAiChat> transports = endpoint.bases().stream()
                .map(base -> new OpenAiChat(endpoint, base, client, listener(throttle), time))
                .toList();
        ChatModel sent = transports.size() == 1
                ? transports.getFirst()
                : new LoadBalanced(
                        transports, balancers.computeIfAbsent(backend, _ -> new LoadBalancer(transports.size(), time)));
        ChatModel counted =
                new Metered(sent, meter, endpoint.price(), endpoint.sampling().completionBound(), unanswered);
        return new Resilient(counted, throttle, limits.tries());
    }

    private OpenAiChat.Listener listener(Throttle throttle) {
        return new OpenAiChat.Listener() {
            @Override
            public void exhausted(Duration wait) {
                throttle.pause(wait);
            }

            @Override
            public void adapted(String how) {
                adaptations.add(how);
            }
        };
    }

    private static Stored.Source fetching(ChatModel model) {
        return (_, request) -> model.chat(request);
    }

    /**
     * A model in this process, free of charge: stored and counted like any other.
     *
     * @param identity names the model and all that its replies depend on besides the request, its version included
     */
    public ChatModel connect(ChatModel model, String identity) {
        ChatModel counted = new Metered(model, meter, Price.FREE, OptionalLong.empty(), null);
        return new Stored(
                offline == null ? fetching(counted) : (prompt, request) -> offline.ask(null, prompt, request),
                identity,
                identity,
                identity,
                SamplingParams.DEFAULT,
                store,
                meter,
                Price.FREE);
    }

    /** Whether anything is ever sent, and so whether keys are needed. */
    public boolean sends() {
        return offline == null;
    }

    /** What was paid for so far in a run directory, by agent, whether or not a run is going on there. */
    public static Map<String, UsageTotals> spent(Path runDirectory) {
        return RunDatabase.peek(runDirectory, CallStore::usageByAgent);
    }

    /**
     * Calls of a run directory that were sent and brought no reply, by agent, and what they cost at most; the calls in
     * flight of a run that is going on are not among them.
     */
    public static Map<String, Unanswered.Lost> lost(Path runDirectory) {
        return RunDatabase.peek(runDirectory, Unanswered::lostByAgent);
    }

    /**
     * Models that answered under another name than was asked for.
     *
     * @param calls answered so
     */
    public record OtherModel(String asked, String answered, long calls) {}

    /** Those of a run directory; a model of this process is asked for by its name and version, and answers by its name. */
    public static List<OtherModel> otherModels(Path runDirectory) {
        return RunDatabase.peek(runDirectory, connection -> {
            List<OtherModel> others = new ArrayList<>();
            try (var query = connection.prepareStatement("SELECT asked_model, model, count(*) FROM calls"
                            + " WHERE lower(model) <> lower(asked_model) AND asked_model NOT LIKE model || ' %'"
                            + " GROUP BY asked_model, model ORDER BY asked_model, model");
                    var row = query.executeQuery()) {
                while (row.next()) {
                    others.add(new OtherModel(row.getString(1), row.getString(2), row.getLong(3)));
                }
            }
            return others;
        });
    }

    /** How long a call of a run took on average, retries and waiting included; 0 when none was made. */
    public static double meanSeconds(Path runDirectory) {
        return RunDatabase.peek(runDirectory, connection -> {
            try (var query = connection.prepareStatement("SELECT avg(millis) / 1000 FROM calls WHERE millis > 0");
                    var row = query.executeQuery()) {
                row.next();
                return row.getDouble(1);
            }
        });
    }

    /** What keeps an endpoint from answering, when none of its calls got a reply for ten seconds or more; or the store. */
    public Optional<String> trouble() {
        Optional<String> store = database.trouble();
        return store.isPresent()
                ? store
                : throttles.values().stream()
                        .map(Throttle::trouble)
                        .filter(Objects::nonNull)
                        .findFirst();
    }

    /** What servers wanted otherwise than the settings say, and got; sentences for the user. */
    public List<String> adaptations() {
        return adaptations.stream().sorted().toList();
    }

    /** Calls, tokens and cost so far, for progress and reports. */
    public Meter.Snapshot snapshot() {
        return meter.snapshot();
    }

    /** The same with what other processes on the same store have had answered. */
    public Meter.Snapshot snapshotOfAll() {
        Meter.Snapshot own = meter.snapshot();
        if (database.peers().isEmpty()) {
            return own;
        }
        Map<String, UsageTotals> paid = database.read(CallStore::usageByAgent);
        Map<String, UsageTotals> byAgent = new TreeMap<>(paid);
        own.byAgent().forEach((agent, usage) -> byAgent.merge(agent, usage.unpaid(), UsageTotals::plus));
        Meter.Spend lost = database.read(Unanswered::lost);
        UsageTotals total = byAgent.values().stream().reduce(UsageTotals.NOTHING, UsageTotals::plus);
        return new Meter.Snapshot(byAgent, total, own.inFlight(), lost.calls(), lost.cost());
    }

    /**
     * Sends nothing more, as after Ctrl-C: calls in flight end and are stored, all others fail at once with a
     * {@link ChatException} of kind FATAL.
     */
    public void stopSending() {
        stopped = true;
        throttles.values().forEach(ChatModels::stop);
    }

    private static void stop(Throttle throttle) {
        throttle.close(new ChatException(
                ChatException.Kind.FATAL, "stopped; what was answered is kept. Rerun the same command to continue."));
    }

    /** Closes the connections; the database stays open. */
    @Override
    public void close() {
        client.connectionPool().evictAll();
        client.dispatcher().executorService().shutdown();
    }

    /** What shares one limiter and one view of its base URLs; the key by its source, never by its value. */
    private record Backend(List<URI> bases, String model, String keySource) {}
}
