package cogent.model.decoder;

import cogent.model.hf.ModelConfig;
import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Keys and values of every layer; its blocks belong to the open scope. On the CPU they are {@code [slots, kvHeads, capacity,
 * headDim]}, so that a head's keys lie together, and in F32 whatever the weights are in: attention is computed in it there.
 * Elsewhere they are {@code [slots, capacity, kvHeads, headDim]}, as CUDA's kernels want them.
 */
public final class KvCache {
    private final List<Tensor> keys;
    private final List<Tensor> values;
    private final int slots;
    private final int capacity;
    /** Dimension of the positions. */
    private final int time;

    /** Takes what a layer computed for some sequences of a packed batch: {@code [sequences, kvHeads, time, headDim]}. */
    interface Writer {
        void write(int layer, List<Integer> sequences, Tensor k, Tensor v);
    }

    private KvCache(List<Tensor> keys, List<Tensor> values, int slots, int capacity) {
        this.keys = keys;
        this.values = values;
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
        long[] shape = device.isCpu()
                ? new long[] {slots, c.kvHeads(), capacity, c.headDim()}
                : new long[] {slots, capacity, c.kvHeads(), c.headDim()};
        List<Tensor> all = Stream.generate(() -> Tensors.zeros(device, dtype(device, compute), shape))
                .limit(2L * c.layers())
                .toList();
        return new KvCache(all.subList(0, c.layers()), all.subList(c.layers(), all.size()), slots, capacity);
    }

    private static DType dtype(Device device, DType compute) {
        return device.isCpu() ? DType.F32 : compute;
    }

    /** Bytes that one position of one slot takes. */
    public static long bytesPerPosition(ModelConfig c, Device device, DType compute) {
        return 2L
                * c.layers()
                * c.kvHeads()
                * c.headDim()
                * dtype(device, compute).bytes();
    }

    /** Frees its memory. */
    public void close() {
        keys.forEach(Tensor::close);
        values.forEach(Tensor::close);
    }

    public int slots() {
        return slots;
    }

    public int capacity() {
        return capacity;
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
        return (layer, sequences, k, v) -> {
            List<Integer> from = new ArrayList<>();
            List<Integer> into = new ArrayList<>();
            for (int i = 0; i < sequences.size(); i++) {
                for (int slot : slotsOfSequence.get(sequences.get(i))) {
                    from.add(i);
                    into.add(slot);
                }
            }
            Tensor source = index(from, k);
            List<Tensor> place = List.of(index(into, k));
            put(keys.get(layer), place, k.indexSelect(0, source));
            put(values.get(layer), place, v.indexSelect(0, source));
        };
    }

    private void put(Tensor block, List<Tensor> place, Tensor heads) {
        Tensor positions = (time == 1 ? heads.transpose(1, 2) : heads).to(block.dtype());
        block.narrow(time, 0, positions.size(time)).indexPut_(place, positions);
    }

    /** Copies the first positions of one slot into another. */
    public void copy(int from, int to, int positions) {
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
