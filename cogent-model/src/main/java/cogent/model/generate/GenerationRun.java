package cogent.model.generate;

import cogent.data.InputException;
import cogent.model.decoder.Attention;
import cogent.model.decoder.Decoder;
import cogent.model.decoder.KvCache;
import cogent.model.decoder.Packed;
import cogent.model.decoder.PackedAttention;
import cogent.model.generate.Generation.FinishReason;
import cogent.model.generate.NextTokens.Chosen;
import cogent.model.hf.ModelConfig;
import cogent.model.tensor.DType;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One call of a {@link Generator}: requests go into the batch, tokens to the listener. */
final class GenerationRun {
    private static final int PREFILL_TOKENS = 8192;

    private final Decoder decoder;
    private final int slots;
    private final Iterator<Generation> requests;
    private final Generation.Listener listener;
    private final BooleanSupplier stop;
    private final CacheRoom room;
    private final DecodingStep step;
    /** By slot. Empty slots are filled again, or closed by the last row, before the next step. */
    private final List<@Nullable GenerationRow> rows = new ArrayList<>();
    /** The next request, where it waits for room. */
    private @Nullable Generation waiting;

    private int taken;

    GenerationRun(
            Decoder decoder,
            DecodingStep step,
            int slots,
            long cacheBytes,
            Iterator<Generation> requests,
            Generation.Listener listener,
            BooleanSupplier stop) {
        this.decoder = decoder;
        this.step = step;
        this.slots = slots;
        this.requests = requests;
        this.listener = listener;
        this.stop = stop;
        room = new CacheRoom(decoder, slots, cacheBytes);
    }

    void run() {
        try {
            decode();
        } finally {
            step.close();
        }
    }

    private void decode() {
        while (!stop.getAsBoolean()) {
            admit();
            if (active() == 0) {
                return;
            }
            closeGaps();
            step();
        }
        for (int slot = 0; slot < rows.size(); slot++) {
            GenerationRow row = rows.get(slot);
            if (row != null) {
                finish(slot, row, FinishReason.CANCELLED);
            }
        }
    }

    private long active() {
        return live().count();
    }

    private Stream<GenerationRow> live() {
        return rows.stream().filter(Objects::nonNull).map(Objects::requireNonNull);
    }

    /** Fills the batch as long as requests last; a text that ends with its first token makes room again. */
    private void admit() {
        while (hasRoom()) {
            List<Integer> filled = new ArrayList<>();
            int tokens = 0;
            while (tokens < PREFILL_TOKENS && hasRoom()) {
                Generation request = Objects.requireNonNull(waiting);
                waiting = null;
                filled.add(place(new GenerationRow(taken++, request, end(request))));
                tokens += request.prompt().length;
            }
            KvCache cache = cache();
            List<Integer> fresh = new ArrayList<>(filled);
            fresh.removeIf(slot -> shared(slot, filled, cache));
            if (!fresh.isEmpty()) {
                Scope.run(() -> prefill(fresh, cache));
            }
        }
    }

    private int place(GenerationRow row) {
        int free = rows.indexOf(null);
        if (free < 0) {
            rows.add(row);
            return rows.size() - 1;
        }
        rows.set(free, row);
        return free;
    }

    /** Whether a request waits that can be begun: a place is free, and all texts together fit at their longest. */
    private boolean hasRoom() {
        int active = (int) active();
        if (active == 0) {
            rows.clear();
            room.free();
        }
        if (waiting == null && active < slots && requests.hasNext()) {
            waiting = checked(requests.next());
        }
        if (waiting == null || active == slots) {
            return false;
        }
        return active == 0 || room.holds(active + 1, Math.max(longest(), end(waiting)));
    }

    /** Positions that the longest of the texts can reach. */
    private int longest() {
        return live().mapToInt(GenerationRow::end).max().orElse(0);
    }

    /** The cache with a place for the next token of every text. */
    private KvCache cache() {
        int needed = live().mapToInt(row -> row.position() + 2).max().orElseThrow();
        return room.cache(rows.size(), needed, longest());
    }

    /** Takes the keys and values of the prompt from a text under way that has the same; false where there is none. */
    private boolean shared(int slot, List<Integer> filled, KvCache cache) {
        if (decoder.config().linear().any()) {
            return false; // a text under way remembers what came behind its prompt too
        }
        GenerationRow row = row(slot);
        for (int other = 0; other < rows.size(); other++) {
            GenerationRow from = filled.contains(other) || row.request().promptScored() ? null : rows.get(other);
            Tensor end = from == null ? null : from.promptEnd();
            if (from != null && end != null && Arrays.equals(from.prompt(), row.prompt())) {
                int source = other;
                Scope.run(() -> {
                    cache.copy(source, slot, row.prompt().length);
                    row.setPromptEnd(end.retained());
                    List<Integer> begun = begun(List.of(slot));
                    if (!begun.isEmpty()) {
                        choose(begun, decoder.logits(end));
                    }
                });
                return true;
            }
        }
        return false;
    }

    private void prefill(List<Integer> filled, KvCache cache) {
        Map<IntBuffer, List<Integer>> slotsOfPrompt = new LinkedHashMap<>();
        for (int slot : filled) {
            slotsOfPrompt
                    .computeIfAbsent(IntBuffer.wrap(row(slot).prompt()), _ -> new ArrayList<>())
                    .add(slot);
        }
        Packed prompts =
                Packed.of(slotsOfPrompt.keySet().stream().map(IntBuffer::array).toList());
        List<List<Integer>> into = List.copyOf(slotsOfPrompt.values());
        Attention attention = new PackedAttention(decoder.heads(), prompts, cache.prefill(into));
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
        int[] lasts = last.stream().mapToInt(Integer::intValue).toArray();
        Tensor index = Tensors.of(lasts, lasts.length).to(hidden.device(), DType.I64);
        Tensor promptEnds = hidden.indexSelect(0, index);
        for (int i = 0; i < order.size(); i++) {
            row(order.get(i)).setPromptEnd(promptEnds.narrow(0, i, 1).copy().retained());
        }
        choose(order, decoder.logits(promptEnds));
    }

    /** @param hidden the final hidden states of its prompt, {@code [tokens, hidden]} */
    private void scorePrompt(GenerationRow row, Tensor hidden) {
        if (row.request().promptScored()) {
            listener.promptScored(row.index(), TokenLogProbs.prompt(decoder, hidden, row.prompt(), row.top()));
        }
    }

    /** Those whose texts go on behind the prompt; the others end with it. */
    private List<Integer> begun(List<Integer> slots) {
        List<Integer> begun = new ArrayList<>();
        for (int slot : slots) {
            if (row(slot).request().maxNewTokens() > 0) {
                begun.add(slot);
            } else {
                finish(slot, row(slot), FinishReason.LENGTH);
            }
        }
        return begun;
    }

    /** Lets the last rows take the places of those that have ended, so that a step computes live rows alone. */
    private void closeGaps() {
        for (int gap = rows.indexOf(null); gap >= 0; gap = rows.indexOf(null)) {
            GenerationRow last = rows.removeLast();
            if (last != null) {
                int from = rows.size();
                int to = gap;
                Scope.run(() -> room.current().copy(from, to, last.position()));
                rows.set(gap, last);
            }
        }
    }

    private void step() {
        KvCache cache = cache();
        List<Integer> slots = IntStream.range(0, rows.size()).boxed().toList();
        int[] ids = slots.stream().mapToInt(slot -> row(slot).last()).toArray();
        int[] positions = slots.stream().mapToInt(slot -> row(slot).position()).toArray();
        Scope.run(() -> choose(slots, step.logits(cache, ids, positions)));
    }

    /** Draws the next token of each slot. */
    private void choose(List<Integer> slots, Tensor logits) {
        List<GenerationRow> chosen = slots.stream().map(this::row).toList();
        List<Chosen> tokens = NextTokens.of(logits, chosen);
        for (int i = 0; i < tokens.size(); i++) {
            GenerationRow row = chosen.get(i);
            Chosen token = tokens.get(i);
            token.score().ifPresent(score -> listener.scored(row.index(), score));
            take(slots.get(i), row, token.id());
        }
    }

    private void take(int slot, GenerationRow row, int id) {
        if (row.request().stopIds().contains(id)) {
            finish(slot, row, FinishReason.STOP);
            return;
        }
        row.add(id);
        if (!listener.token(row.index(), id)) {
            finish(slot, row, FinishReason.STOP);
        } else if (row.isFull()) {
            finish(slot, row, FinishReason.LENGTH);
        }
    }

    private void finish(int slot, GenerationRow row, FinishReason reason) {
        rows.set(slot, null);
        row.close();
        listener.finished(row.index(), row.completion(reason));
    }

    private GenerationRow row(int slot) {
        return Objects.requireNonNull(rows.get(slot));
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
