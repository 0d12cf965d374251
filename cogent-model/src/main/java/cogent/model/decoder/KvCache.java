package cogent.model.decoder;

import cogent.model.hf.ModelConfig;
import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Keys and values of every layer, {@code [slots, kvHeads, capacity, headDim]}; its blocks belong to the open scope. */
public final class KvCache {
    private final List<Tensor> keys;
    private final List<Tensor> values;
    private final int slots;
    private final int capacity;

    /** Takes what a layer computed for some sequences of a packed batch: {@code [sequences, kvHeads, time, headDim]}. */
    interface Writer {
        void write(int layer, List<Integer> sequences, Tensor k, Tensor v);
    }

    private KvCache(List<Tensor> keys, List<Tensor> values, int slots, int capacity) {
        this.keys = keys;
        this.values = values;
        this.slots = slots;
        this.capacity = capacity;
    }

    /** An empty one for a model of that shape. */
    public static KvCache allocate(ModelConfig c, Device device, DType dtype, int slots, int capacity) {
        List<Tensor> all = Stream.generate(
                        () -> Tensors.zeros(device, dtype, slots, c.kvHeads(), capacity, c.headDim()))
                .limit(2L * c.layers())
                .toList();
        return new KvCache(all.subList(0, c.layers()), all.subList(c.layers(), all.size()), slots, capacity);
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
            long time = k.size(2);
            keys.get(layer).narrow(2, 0, time).indexPut_(place, k.indexSelect(0, source));
            values.get(layer).narrow(2, 0, time).indexPut_(place, v.indexSelect(0, source));
        };
    }

    /** Copies the first positions of one slot into another. */
    public void copy(int from, int to, int positions) {
        for (List<Tensor> blocks : List.of(keys, values)) {
            for (Tensor block : blocks) {
                block.select(0, to)
                        .narrow(1, 0, positions)
                        .copy_(block.select(0, from).narrow(1, 0, positions));
            }
        }
    }

    private static Tensor index(List<Integer> values, Tensor like) {
        return Tensors.of(values.stream().mapToInt(Integer::intValue).toArray(), values.size())
                .to(like.device(), DType.I64);
    }

    /**
     * A cache of another size that begins with the contents of this one, which is freed block by block.
     *
     * @param slots not fewer than now
     * @param capacity may be less than now, where no slot has come further
     */
    public KvCache resize(int slots, int capacity) {
        return new KvCache(
                keys.stream().map(block -> resized(block, slots, capacity)).toList(),
                values.stream().map(block -> resized(block, slots, capacity)).toList(),
                slots,
                capacity);
    }

    private Tensor resized(Tensor block, int moreSlots, int newCapacity) {
        Tensor other =
                Tensors.zeros(block.device(), block.dtype(), moreSlots, block.size(1), newCapacity, block.size(3));
        int common = Math.min(capacity, newCapacity);
        other.narrow(0, 0, slots).narrow(2, 0, common).copy_(block.narrow(2, 0, common));
        block.close();
        return other;
    }

    /** Bytes that one position of one slot takes. */
    public static long bytesPerPosition(ModelConfig c, DType dtype) {
        return 2L * c.layers() * c.kvHeads() * c.headDim() * dtype.bytes();
    }

    /** A smaller cache with some of the slots of this one, which is freed. */
    public KvCache compact(int... keep) {
        Tensor index = index(Arrays.stream(keep).boxed().toList(), keys.get(0));
        return new KvCache(
                keys.stream().map(t -> kept(t, index)).toList(),
                values.stream().map(t -> kept(t, index)).toList(),
                keep.length,
                capacity);
    }

    private static Tensor kept(Tensor t, Tensor index) {
        Tensor kept = t.indexSelect(0, index);
        t.close();
        return kept;
    }
}
