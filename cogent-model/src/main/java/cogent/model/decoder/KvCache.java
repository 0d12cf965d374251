package cogent.model.decoder;

import cogent.model.delta.DeltaStates;
import cogent.model.delta.GatedDeltaNet;
import cogent.model.hf.ModelConfig;
import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Keys and values of every layer, or what a layer remembers in their place; its blocks belong to the open scope. On the CPU they are {@code [slots, kvHeads, capacity,
 * headDim]}, so that a head's keys lie together, and in F32 whatever the weights are in: attention is computed in it there.
 * Elsewhere they are {@code [slots, capacity, kvHeads, headDim]}, as CUDA's kernels want them.
 */
public final class KvCache {
    private final List<Tensor> keys;
    private final List<Tensor> values;
    private final DeltaStates states;
    private final int slots;
    private final int capacity;
    /** Dimension of the positions. */
    private final int time;

    /** Takes what a layer computed for some sequences of a packed batch. */
    interface Writer {
        /** Of {@code [sequences, kvHeads, time, headDim]}. */
        void write(int layer, List<Integer> sequences, Tensor k, Tensor v);

        /** What they remember after their ends. */
        void write(int layer, List<Integer> sequences, GatedDeltaNet.State state);
    }

    private KvCache(List<Tensor> keys, List<Tensor> values, DeltaStates states, int slots, int capacity) {
        this.keys = keys;
        this.values = values;
        this.states = states;
        this.slots = slots;
        this.capacity = capacity;
        time = keys.getFirst().device().isCpu() ? 2 : 1;
    }

    /**
     * An empty one for a model of that shape.
     *
     * @param compute type of the layers' products
     */
    public static KvCache allocate(ModelConfig c, Device device, DType compute, int slots, int capacity) {
        DType dtype = dtype(device, compute);
        return new KvCache(
                blocks(c, device, dtype, slots, capacity),
                blocks(c, device, dtype, slots, capacity),
                DeltaStates.allocate(c.linear(), device, slots),
                slots,
                capacity);
    }

    /** One for every layer; where a layer has no keys, of nothing. */
    private static List<Tensor> blocks(ModelConfig c, Device device, DType dtype, int slots, int capacity) {
        return IntStream.range(0, c.layers())
                .mapToLong(layer -> c.linear().at(layer) ? 0 : c.headDim())
                .mapToObj(width -> device.isCpu()
                        ? new long[] {slots, c.kvHeads(), capacity, width}
                        : new long[] {slots, capacity, c.kvHeads(), width})
                .map(shape -> Tensors.zeros(device, dtype, shape))
                .toList();
    }

    private static DType dtype(Device device, DType compute) {
        return device.isCpu() ? DType.F32 : compute;
    }

    /** Bytes that one position of one slot takes. */
    public static long bytesPerPosition(ModelConfig c, Device device, DType compute) {
        return 2L
                * (c.layers() - c.linear().count())
                * c.kvHeads()
                * c.headDim()
                * dtype(device, compute).bytes();
    }

    /** Bytes that a slot takes besides, however long its text is. */
    public static long bytesPerSlot(ModelConfig c) {
        return DeltaStates.bytesPerSlot(c.linear());
    }

    /** Frees its memory. */
    public void close() {
        states.close();
        keys.forEach(Tensor::close);
        values.forEach(Tensor::close);
    }

    public int slots() {
        return slots;
    }

    public int capacity() {
        return capacity;
    }

    DeltaStates states() {
        return states;
    }

    Tensor keys(int layer) {
        return keys.get(layer);
    }

    Tensor values(int layer) {
        return values.get(layer);
    }

    /** On CUDA: all positions of all slots in one row, {@code [slots · capacity, kvHeads, headDim]}. */
    Tensor flat(Tensor block) {
        return block.view((long) slots * capacity, block.size(2), block.size(3));
    }

    /** On the CPU: what the first slots hold, {@code [rows, kvHeads, reach, headDim]}. */
    static Tensor reached(Tensor block, long rows, long reach) {
        return block.narrow(0, 0, rows).narrow(2, 0, reach);
    }

    /**
     * Where positions of the first slots lie among all rows of a block, for {@link #write}.
     *
     * @param positions I64 {@code [rows]}, one for each slot
     */
    Tensor place(Tensor positions) {
        Tensor slot = Tensors.arange(positions.device(), positions.size(0));
        if (time == 1) {
            return slot.mul((long) capacity).add(positions);
        }
        long heads = keys.getFirst().size(1);
        Tensor head = slot.mul(heads).unsqueeze(1).add(Tensors.arange(heads).unsqueeze(0));
        return head.mul((long) capacity).add(positions.unsqueeze(1)).view(-1);
    }

    /**
     * Writes one position of some slots.
     *
     * @param k {@code [rows, kvHeads, headDim]}, as {@code v}
     */
    void write(int layer, Tensor place, Tensor k, Tensor v) {
        put(keys.get(layer), place, k);
        put(values.get(layer), place, v);
    }

    private void put(Tensor block, Tensor place, Tensor heads) {
        Tensor rows = heads.to(block.dtype());
        if (time == 1) {
            flat(block).indexCopy_(0, place, rows);
        } else {
            block.view(-1, block.size(3)).indexCopy_(0, place, rows.reshape(-1, block.size(3)));
        }
    }

    /** Writes new sequences from position 0, each into one slot or several; padding lands behind their ends. */
    public Writer prefill(List<List<Integer>> slotsOfSequence) {
        return new Writer() {
            @Override
            public void write(int layer, List<Integer> sequences, Tensor k, Tensor v) {
                Tensor from = from(sequences, slotsOfSequence, k);
                List<Tensor> into = List.of(into(sequences, slotsOfSequence, k));
                put(keys.get(layer), into, k.indexSelect(0, from));
                put(values.get(layer), into, v.indexSelect(0, from));
            }

            @Override
            public void write(int layer, List<Integer> sequences, GatedDeltaNet.State state) {
                Tensor from = from(sequences, slotsOfSequence, state.memory());
                states.put(layer, state, from, into(sequences, slotsOfSequence, state.memory()));
            }
        };
    }

    /** Which of the sequences goes into each of their slots. */
    private static Tensor from(List<Integer> sequences, List<List<Integer>> slotsOfSequence, Tensor like) {
        List<Integer> from = new ArrayList<>();
        for (int i = 0; i < sequences.size(); i++) {
            from.addAll(
                    Collections.nCopies(slotsOfSequence.get(sequences.get(i)).size(), i));
        }
        return index(from, like);
    }

    private static Tensor into(List<Integer> sequences, List<List<Integer>> slotsOfSequence, Tensor like) {
        return index(
                sequences.stream()
                        .flatMap(sequence -> slotsOfSequence.get(sequence).stream())
                        .toList(),
                like);
    }

    private void put(Tensor block, List<Tensor> place, Tensor heads) {
        Tensor positions = (time == 1 ? heads.transpose(1, 2) : heads).to(block.dtype());
        block.narrow(time, 0, positions.size(time)).indexPut_(place, positions);
    }

    /** Copies the first positions of one slot into another, and what it remembers, which is of all that it has seen. */
    public void copy(int from, int to, int positions) {
        states.copy(from, to);
        for (List<Tensor> blocks : List.of(keys, values)) {
            for (Tensor block : blocks) {
                block.select(0, to)
                        .narrow(time - 1, 0, positions)
                        .copy_(block.select(0, from).narrow(time - 1, 0, positions));
            }
        }
    }

    private static Tensor index(List<Integer> values, Tensor like) {
        return Tensors.of(values.stream().mapToInt(Integer::intValue).toArray(), values.size())
                .to(like.device(), DType.I64);
    }

    /** One of another size with the contents of this one as far as they fit; this one is freed block by block. */
    public KvCache resized(int toSlots, int toCapacity) {
        return new KvCache(
                keys.stream().map(block -> resized(block, toSlots, toCapacity)).toList(),
                values.stream()
                        .map(block -> resized(block, toSlots, toCapacity))
                        .toList(),
                toSlots == slots ? states : states.resized(toSlots),
                toSlots,
                toCapacity);
    }

    private Tensor resized(Tensor block, int toSlots, int toCapacity) {
        long[] shape = block.shape();
        shape[0] = toSlots;
        shape[time] = toCapacity;
        Tensor other = Tensors.zeros(block.device(), block.dtype(), shape);
        int keptSlots = Math.min(slots, toSlots);
        int kept = Math.min(capacity, toCapacity);
        other.narrow(0, 0, keptSlots)
                .narrow(time, 0, kept)
                .copy_(block.narrow(0, 0, keptSlots).narrow(time, 0, kept));
        block.close();
        return other;
    }
}
