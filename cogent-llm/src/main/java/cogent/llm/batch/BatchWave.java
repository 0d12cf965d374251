package cogent.llm.batch;

import cogent.data.AtomicFile;
import cogent.data.Count;
import cogent.data.InputException;
import cogent.llm.ChatException;
import cogent.llm.ChatException.Kind;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import cogent.llm.meter.Meter;
import cogent.llm.meter.Price;
import cogent.llm.openai.Endpoint;
import cogent.llm.openai.ErrorBody;
import cogent.llm.openai.Faults;
import cogent.llm.openai.Wire;
import cogent.llm.store.BatchTable;
import cogent.llm.store.RunDatabase;
import cogent.llm.store.StoredPrompt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Calls written to files instead of being sent, in the format of OpenAI's batch API: one JSON object a line with
 * {@code custom_id} (the call's key), {@code method}, {@code url}, {@code body}; one model a file, at most 50 000 calls
 * and 200 MB. A call that is out already is not written again, unless asked for.
 *
 * <p>Nothing counts as out before {@link #finish}: a wave that was cut off is written again as a whole.
 */
public final class BatchWave implements Offline, AutoCloseable {
    private static final int MOST_CALLS = 50_000;
    private static final long MOST_BYTES = 200_000_000;

    private final BatchTable table;
    private final Path directory;
    private final String name;
    private final boolean again;
    private final double priceShare;
    private final int mostCalls;
    private final long mostBytes;
    private final int number;
    private final Map<String, File> open = new HashMap<>();
    private final List<File> files = new ArrayList<>();
    private final Map<String, Share> shares = new TreeMap<>();
    private @Nullable Meter meter;
    private long out;
    private long unaffordable;
    private Meter.Spend refused = Meter.Spend.NOTHING;

    /**
     * A request file.
     *
     * @param bytes its size
     */
    public record RequestFile(Path path, String model, long calls, long bytes) {}

    /**
     * What an agent asks for in a wave.
     *
     * @param promptTokens estimated, rather too many than too few
     * @param promptPrice what those cost
     * @param completionPrice for a million tokens of the replies
     */
    public record Share(long calls, long promptTokens, double promptPrice, double completionPrice) {
        Share plus(Share other) {
            return new Share(
                    calls + other.calls,
                    promptTokens + other.promptTokens,
                    promptPrice + other.promptPrice,
                    other.completionPrice);
        }
    }

    /**
     * What a wave came to.
     *
     * @param byAgent what was written
     * @param out calls that went out in an earlier wave and have no result yet
     * @param unaffordable calls that could be made now and that the rest of the budget does not bear
     * @param budget what there is to say of the budget where it does not bear them
     */
    public record Written(
            List<RequestFile> files, Map<String, Share> byAgent, long out, long unaffordable, String budget) {}

    /**
     * @param directory where the files go
     * @param name how they begin
     * @param again whether calls that are out are written again, as when their results will never come
     * @param priceShare what a batched call costs, as a share of the endpoint's price
     */
    public BatchWave(RunDatabase database, Path directory, String name, boolean again, double priceShare) {
        this(database, directory, name, again, priceShare, MOST_CALLS, MOST_BYTES);
    }

    /** @param mostCalls in a file, of at most {@code mostBytes} */
    BatchWave(
            RunDatabase database,
            Path directory,
            String name,
            boolean again,
            double priceShare,
            int mostCalls,
            long mostBytes) {
        this.table = new BatchTable(database);
        this.directory = directory.toAbsolutePath();
        this.name = name;
        this.again = again;
        this.priceShare = priceShare;
        this.mostCalls = mostCalls;
        this.mostBytes = mostBytes;
        this.number = table.nextWave();
    }

    public void countOn(Meter counted) {
        meter = counted;
        if (!again) {
            counted.hold(table.outstanding());
        }
    }

    @Override
    public ChatReply ask(@Nullable Endpoint endpoint, StoredPrompt prompt, ChatRequest request) {
        if (endpoint == null) {
            throw new InputException(
                    "the model " + prompt.model() + " is built in: there is nothing to write to a batch file for it");
        }
        String unbounded = StoredPrompt.key(endpoint.unboundedIdentity(), request);
        BatchTable.State state = table.state(prompt.key())
                .or(() -> table.stateUnbounded(unbounded).filter(BatchTable.State::out))
                .orElse(null);
        if (state != null && state.wave() != number) {
            if (state.out() && !again) {
                synchronized (this) {
                    out++;
                }
                throw ChatException.pending();
            }
            if (state.tries() > 0) {
                requireWorthAnotherTry(endpoint, state);
            }
        }
        if (state == null || state.wave() != number) {
            Meter.Spend most = Meter.Spend.bound(
                    request, endpoint.sampling().completionBound().orElse(1000), price(endpoint));
            Path file = write(endpoint, prompt, request, most);
            if (file != null) {
                table.put(prompt, unbounded, price(endpoint), most, number, file);
            }
        }
        throw ChatException.pending();
    }

    /** As in a direct run: what was refused for good stays refused, and what failed has a number of tries. */
    private static void requireWorthAnotherTry(Endpoint endpoint, BatchTable.State state) {
        var faults = new Faults(endpoint, endpoint.bases().getFirst());
        ChatException failure;
        if (state.status() == 200) {
            failure = faults.unreadable(state.error() + " came");
        } else {
            JsonNode body = MissingNode.getInstance();
            String said = state.error();
            try {
                body = Wire.JSON.readTree(state.error());
                said = ErrorBody.text(body);
            } catch (JacksonException e) {
                said = Wire.line(state.error());
            }
            failure = faults.status(state.status(), body, Wire.line(said), null, () -> "");
        }
        if (failure.kind() == Kind.REQUEST || failure.kind() == Kind.REFUSED) {
            throw failure;
        }
        if (failure.kind() == Kind.TRANSIENT
                && state.tries() >= endpoint.limits().tries()) {
            throw failure.retold(
                    Kind.TRANSIENT,
                    failure.getMessage() + " Given up after " + Count.of(state.tries(), "try.", "tries."));
        }
    }

    /** The file that the call went to; null when the budget does not bear it. */
    private synchronized @Nullable Path write(
            Endpoint endpoint, StoredPrompt prompt, ChatRequest request, Meter.Spend most) {
        if (!Objects.requireNonNull(meter).tryHold(most)) {
            unaffordable++;
            refused = most;
            return null;
        }
        byte[] head = ("{\"custom_id\":\"" + prompt.key()
                        + "\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":")
                .getBytes(StandardCharsets.UTF_8);
        byte[] body = Wire.request(endpoint.model(), endpoint.sampling(), request);
        File file = file(endpoint.model(), head.length + body.length + 2L);
        file.write(head, body);
        long promptTokens = Meter.promptEstimate(request);
        shares.merge(
                prompt.agent(),
                new Share(
                        1,
                        promptTokens,
                        endpoint.price().of(promptTokens, 0),
                        endpoint.price().completionPerMillion()),
                Share::plus);
        return file.path;
    }

    private Price price(Endpoint endpoint) {
        return new Price(
                priceShare * endpoint.price().promptPerMillion(),
                priceShare * endpoint.price().completionPerMillion());
    }

    private File file(String model, long more) {
        File file = open.get(model);
        if (file == null || file.calls == mostCalls || file.bytes + more > mostBytes) {
            String slug = slug(model);
            long before = files.stream().filter(f -> slug(f.model).equals(slug)).count();
            Path path = directory.resolve(String.format(
                    Locale.ROOT, "%s-%03d-%s%s.jsonl", name, number, slug, before == 0 ? "" : "-" + (before + 1)));
            if (Files.exists(path)) {
                throw new InputException(path + " is there already, perhaps of another run. Name another folder.");
            }
            file = new File(path, model);
            open.put(model, file);
            files.add(file);
        }
        return file;
    }

    private static String slug(String model) {
        return model.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]+", "-");
    }

    /** Makes the files visible; from now on their calls are out. */
    public synchronized Written finish() {
        files.forEach(file -> file.file.commit());
        if (!files.isEmpty()) {
            table.sent(number);
        }
        return new Written(
                files.stream()
                        .map(f -> new RequestFile(f.path, f.model, f.calls, f.bytes))
                        .toList(),
                shares,
                out,
                unaffordable,
                unaffordable == 0 || meter == null
                        ? ""
                        : meter.spentMessage(meter.held().plus(refused)));
    }

    @Override
    public void close() {
        files.forEach(file -> file.file.close());
    }

    /** A file being written. */
    private static final class File {
        final Path path;
        final String model;
        final AtomicFile file;
        int calls;
        long bytes;

        File(Path path, String model) {
            this.path = path;
            this.model = model;
            this.file = AtomicFile.create(path);
        }

        void write(byte[] head, byte[] body) {
            try {
                file.stream().write(head);
                file.stream().write(body);
                file.stream().write('}');
                file.stream().write('\n');
                calls++;
                bytes += head.length + body.length + 2;
            } catch (IOException e) {
                throw new UncheckedIOException(path + ": " + InputException.reason(e), e);
            }
        }
    }
}
