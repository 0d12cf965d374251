package cogent.model.generate;

import cogent.data.InputException;
import cogent.model.decoder.Attention;
import cogent.model.decoder.CachedAttention;
import cogent.model.decoder.Decoder;
import cogent.model.decoder.KvCache;
import cogent.model.decoder.Packed;
import cogent.model.decoder.PackedAttention;
import cogent.model.generate.Generation.Completion;
import cogent.model.generate.Generation.FinishReason;
import cogent.model.hf.ModelConfig;
import cogent.model.tensor.DType;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Nn;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Generates many texts at once (continuous batching): every text has a slot of the key-value cache and its own position;
 * when one ends, the next takes its slot. A prompt is computed once for all texts that share it while they are under way.
 */
public final class Generator {
    private static final int PREFILL_TOKENS = 8192;

    /** Positions by which the cache grows at least: a copy of it then costs little beside the steps that fill them. */
    private static final int GROWTH = 256;

    private static final long GPU_CACHE_BYTES = 4L << 30;

    private final Decoder decoder;
    private final int slots;
    private final long cacheBytes;

    /**
     * With a quarter of the machine's memory for the key-value cache, on a GPU 4 GiB.
     *
     * @param slots how many texts are generated at the same time, at most
     */
    public Generator(Decoder decoder, int slots) {
        this(decoder, slots, decoder.embedding().device().isCpu() ? machineBytes() / 4 : GPU_CACHE_BYTES);
    }

    /**
     * @param slots how many texts are generated at the same time, at most
     * @param cacheBytes for the key-value cache; so few texts are begun together that it suffices for all of them at their
     *     longest, but one always is
     */
    public Generator(Decoder decoder, int slots, long cacheBytes) {
        if (slots < 1) {
            throw new IllegalArgumentException("slots must be at least 1: " + slots);
        }
        this.decoder = decoder;
        this.slots = slots;
        this.cacheBytes = cacheBytes;
    }

    private static long machineBytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }

    /** All texts, in the order of their requests. */
    public List<Completion> generate(List<Generation> requests) {
        Completion[] done = new Completion[requests.size()];
        generate(
                requests.iterator(),
                new Generation.Listener() {
                    @Override
                    public void finished(int request, Completion completion) {
                        done[request] = completion;
                    }
                },
                () -> false);
        return List.of(done);
    }

    /**
     * Takes requests as slots become free and tells the listener of every token.
     *
     * @param stop asked before every step; texts under way are then cancelled and no new ones are taken
     * @throws InputException when a prompt is longer than the model's context, or holds ids that it has no rows for
     */
    public void generate(Iterator<Generation> requests, Generation.Listener listener, BooleanSupplier stop) {
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            new Run(requests, listener, stop).run();
        }
    }

    /** A text under way. */
    private static final class Row {
        private final int index;
        private final Generation request;
        private final SplittableRandom random;
        private final List<Integer> ids = new ArrayList<>();
        /** What the repetition penalty falls on; empty without one. */
        private final Set<Integer> seen = new LinkedHashSet<>();
        /** The final hidden state of its prompt, {@code [1, hidden]}, for others with the same prompt. */
        private @Nullable Tensor promptEnd;

        Row(int index, Generation request) {
            this.index = index;
            this.request = request;
            random = new SplittableRandom(request.seed());
            if (penalised()) {
                Arrays.stream(request.prompt()).forEach(seen::add);
            }
        }

        boolean scored() {
            return request.logprobs().isPresent();
        }

        int top() {
            return request.logprobs().map(Generation.Logprobs::top).orElse(0);
        }

        boolean penalised() {
            return request.sampling().repetitionPenalty() != 1;
        }

        /** Where its newest token stands. */
        int position() {
            return request.prompt().length + ids.size() - 1;
        }
    }

    private final class Run {
        private final Iterator<Generation> requests;
        private final Generation.Listener listener;
        private final BooleanSupplier stop;
        private final List<@Nullable Row> rows = new ArrayList<>();
        private @Nullable KvCache cache;
        /** The next request, where it waits for room. */
        private @Nullable Generation waiting;

        private int taken;

        Run(Iterator<Generation> requests, Generation.Listener listener, BooleanSupplier stop) {
            this.requests = requests;
            this.listener = listener;
            this.stop = stop;
        }

        void run() {
            while (!stop.getAsBoolean()) {
                admit();
                if (active() == 0) {
                    return;
                }
                compact();
                step();
            }
            for (int slot = 0; slot < rows.size(); slot++) {
                Row row = rows.get(slot);
                if (row != null) {
                    finish(slot, row, FinishReason.CANCELLED);
                }
            }
        }

        private long active() {
            return rows.stream().filter(row -> row != null).count();
        }

        /** Fills free slots, as long as requests last; a text that ends with its first token frees its slot again. */
        private void admit() {
            while (hasRoom()) {
                List<Integer> filled = new ArrayList<>();
                int tokens = 0;
                while (tokens < PREFILL_TOKENS && hasRoom()) {
                    Row row = new Row(taken++, Objects.requireNonNull(waiting));
                    waiting = null;
                    int free = rows.indexOf(null);
                    if (free < 0) {
                        free = rows.size();
                        rows.add(row);
                    } else {
                        rows.set(free, row);
                    }
                    filled.add(free);
                    tokens += row.request.prompt().length;
                }
                KvCache room = room();
                List<Integer> fresh = new ArrayList<>(filled);
                fresh.removeIf(slot -> shared(slot, filled, room));
                if (!fresh.isEmpty()) {
                    Scope.run(() -> prefill(fresh, room));
                }
            }
        }

        /** Whether a request waits that can be begun: a slot is free, and all texts together fit at their longest. */
        private boolean hasRoom() {
            long active = active();
            if (active == 0 && cache != null) {
                cache.close();
                cache = null;
                rows.clear();
            }
            if (waiting == null && active < slots && requests.hasNext()) {
                waiting = checked(requests.next());
            }
            if (waiting == null || active == slots) {
                return false;
            }
            long longest = Math.max(longest(), end(waiting));
            return active == 0 || Math.max(active + 1, rows.size()) * longest * bytesPerPosition() <= cacheBytes;
        }

        private long bytesPerPosition() {
            return KvCache.bytesPerPosition(
                    decoder.config(), decoder.embedding().dtype());
        }

        /** Positions that the longest of the texts can reach. */
        private int longest() {
            return live().mapToInt(row -> end(row.request)).max().orElse(0);
        }

        private Stream<Row> live() {
            return rows.stream().filter(Objects::nonNull).map(Objects::requireNonNull);
        }

        /** The cache with a place for the next token of every text: it grows with them, not to what they might come to. */
        private KvCache room() {
            int needed = live().mapToInt(row -> row.position() + 2).max().orElseThrow();
            KvCache now = cache;
            if (now == null) {
                now = KvCache.allocate(
                        decoder.config(),
                        decoder.embedding().device(),
                        decoder.embedding().dtype(),
                        rows.size(),
                        Math.min(needed + GROWTH, longest()));
            } else if (now.slots() < rows.size() || now.capacity() < needed) {
                int grown = now.capacity() < needed
                        ? Math.max(needed, now.capacity() + Math.max(GROWTH, now.capacity() / 2))
                        : now.capacity();
                // also less than now: a long text that has ended must not make every new slot as long as it was
                now = now.resize(Math.max(now.slots(), rows.size()), Math.min(grown, longest()));
            }
            cache = now;
            return now;
        }

        /** Takes the keys and values of the prompt from a text under way that has the same; false where there is none. */
        private boolean shared(int slot, List<Integer> filled, KvCache room) {
            Row row = row(slot);
            for (int other = 0; other < rows.size(); other++) {
                Row from = filled.contains(other) || row.request.promptScored() ? null : rows.get(other);
                Tensor end = from == null ? null : from.promptEnd;
                if (from != null && end != null && Arrays.equals(from.request.prompt(), row.request.prompt())) {
                    int source = other;
                    Scope.run(() -> {
                        room.copy(source, slot, row.request.prompt().length);
                        row.promptEnd = end.retained();
                        choose(begun(List.of(slot)), end);
                    });
                    return true;
                }
            }
            return false;
        }

        private void prefill(List<Integer> filled, KvCache room) {
            Map<IntBuffer, List<Integer>> slotsOfPrompt = new LinkedHashMap<>();
            for (int slot : filled) {
                slotsOfPrompt
                        .computeIfAbsent(IntBuffer.wrap(row(slot).request.prompt()), _ -> new ArrayList<>())
                        .add(slot);
            }
            Packed prompts = Packed.of(
                    slotsOfPrompt.keySet().stream().map(IntBuffer::array).toList());
            List<List<Integer>> into = List.copyOf(slotsOfPrompt.values());
            Attention attention = new PackedAttention(decoder.heads(), prompts, room.prefill(into));
            Tensor hidden = decoder.norm(decoder.blocks(decoder.embed(decoder.ids(prompts)), attention));
            int[] ends = prompts.lengths().clone();
            Arrays.parallelPrefix(ends, Integer::sum);
            List<Integer> order = new ArrayList<>();
            List<Integer> last = new ArrayList<>();
            for (int i = 0; i < ends.length; i++) {
                Tensor own = hidden.narrow(0, ends[i] - prompts.lengths()[i], prompts.lengths()[i]);
                into.get(i).forEach(slot -> scorePrompt(row(slot), own));
                for (int slot : begun(into.get(i))) {
                    order.add(slot);
                    last.add(ends[i] - 1);
                }
            }
            if (order.isEmpty()) {
                return;
            }
            Tensor promptEnds = hidden.indexSelect(0, index(last));
            for (int i = 0; i < order.size(); i++) {
                row(order.get(i)).promptEnd = promptEnds.narrow(0, i, 1).copy().retained();
            }
            choose(order, promptEnds);
        }

        /** @param hidden the final hidden states of its prompt, {@code [tokens, hidden]} */
        private void scorePrompt(Row row, Tensor hidden) {
            if (row.request.promptScored()) {
                int[] prompt = row.request.prompt();
                listener.promptScored(row.index, TokenLogProbs.prompt(decoder, hidden, prompt, row.top()));
            }
        }

        /** Those whose texts go on behind the prompt; the others end with it. */
        private List<Integer> begun(List<Integer> slots) {
            List<Integer> begun = new ArrayList<>(slots);
            begun.removeIf(slot -> row(slot).request.maxNewTokens() == 0);
            slots.stream()
                    .filter(slot -> !begun.contains(slot))
                    .forEach(slot -> finish(slot, row(slot), FinishReason.LENGTH));
            return begun;
        }

        private void step() {
            KvCache now = room();
            Scope.run(() -> {
                int[] ids = new int[now.slots()];
                int[] positions = new int[now.slots()];
                List<Integer> live = new ArrayList<>();
                for (int slot = 0; slot < rows.size(); slot++) {
                    Row row = rows.get(slot);
                    if (row != null) {
                        live.add(slot);
                        ids[slot] = row.ids.getLast();
                        positions[slot] = row.position();
                    }
                }
                Attention attention = new CachedAttention(decoder.heads(), now, positions);
                Tensor x = decoder.embed(index(Arrays.stream(ids).boxed().toList()));
                Tensor hidden = decoder.norm(decoder.blocks(x, attention));
                choose(live, live.size() == ids.length ? hidden : hidden.indexSelect(0, index(live)));
            });
        }

        /** Draws the next token of each slot from its final hidden state. */
        private void choose(List<Integer> order, Tensor hidden) {
            if (order.isEmpty()) {
                return;
            }
            Tensor logits = decoder.logits(hidden);
            boolean scored = order.stream().anyMatch(slot -> row(slot).scored());
            Tensor logps = scored ? TokenLogProbs.logProbs(logits) : logits; // before any penalty
            for (int i = 0; i < order.size(); i++) {
                penalise(row(order.get(i)), logits.select(0, i));
            }
            int vocab = (int) logits.size(1);
            int n = order.size();
            long[] best = logits.argmax(1).toLongs();
            float[] p = new float[0];
            if (order.stream().anyMatch(slot -> !row(slot).request.sampling().isGreedy())) {
                float[] temperatures = new float[n];
                for (int i = 0; i < n; i++) {
                    double t = row(order.get(i)).request.sampling().temperature();
                    temperatures[i] = t == 0 ? 1 : (float) t;
                }
                Tensor divisor = Tensors.of(temperatures, n, 1).to(logits.device(), DType.F32);
                p = Nn.softmax(logits.to(DType.F32).div(divisor), 1).toFloats();
            }
            for (int i = 0; i < n; i++) {
                Row row = row(order.get(i));
                Sampler sampling = row.request.sampling();
                int id = sampling.isGreedy()
                        ? (int) best[i]
                        : sampling.draw(p, Math.multiplyExact(i, vocab), vocab, row.random.nextDouble());
                if (row.scored()) {
                    int[] ids = {id};
                    listener.scored(
                            row.index,
                            TokenLogProbs.of(logps.narrow(0, i, 1), ids, row.top())
                                    .getFirst());
                }
                take(order.get(i), row, id);
            }
        }

        private void penalise(Row row, Tensor logits) {
            if (!row.seen.isEmpty()) {
                double penalty = row.request.sampling().repetitionPenalty();
                Tensor ids = index(List.copyOf(row.seen));
                Tensor now = logits.indexSelect(0, ids);
                logits.indexPut_(List.of(ids), Tensors.where(now.gt(0), now.div(penalty), now.mul(penalty)));
            }
        }

        private void take(int slot, Row row, int id) {
            if (row.request.stopIds().contains(id)) {
                finish(slot, row, FinishReason.STOP);
                return;
            }
            row.ids.add(id);
            if (row.penalised()) {
                row.seen.add(id);
            }
            if (!listener.token(row.index, id)) {
                finish(slot, row, FinishReason.STOP);
            } else if (row.position() + 1 >= end(row.request)) {
                finish(slot, row, FinishReason.LENGTH);
            }
        }

        private void finish(int slot, Row row, FinishReason reason) {
            rows.set(slot, null);
            if (row.promptEnd != null) {
                row.promptEnd.close();
            }
            listener.finished(
                    row.index,
                    new Completion(row.ids.stream().mapToInt(Integer::intValue).toArray(), reason));
        }

        /** Towards the end slots stay empty; with half of them empty the others move together. */
        private void compact() {
            KvCache now = cache;
            if (now != null && active() <= now.slots() / 2) {
                int[] keep = IntStream.range(0, rows.size())
                        .filter(slot -> rows.get(slot) != null)
                        .toArray();
                cache = now.compact(keep);
                rows.removeIf(row -> row == null);
            }
        }

        private Row row(int slot) {
            return Objects.requireNonNull(rows.get(slot));
        }

        private Tensor index(List<Integer> values) {
            return Tensors.of(values.stream().mapToInt(Integer::intValue).toArray(), values.size())
                    .to(decoder.embedding().device(), DType.I64);
        }
    }

    /** Positions that the text can reach. */
    private int end(Generation request) {
        long wanted = (long) request.prompt().length + request.maxNewTokens();
        return (int) Math.min(wanted, decoder.config().maxPositions());
    }

    private Generation checked(Generation request) {
        ModelConfig config = decoder.config();
        int room = request.maxNewTokens() == 0 ? 0 : 1;
        if (request.prompt().length + room > config.maxPositions()) {
            throw new InputException("a prompt of %d tokens leaves no room in the model's context of %d"
                    .formatted(request.prompt().length, config.maxPositions()));
        }
        for (int id : request.prompt()) {
            if (id < 0 || id >= config.vocabSize()) {
                throw new InputException(
                        "token id " + id + " is not in the model's vocabulary of " + config.vocabSize());
            }
        }
        return request;
    }
}
