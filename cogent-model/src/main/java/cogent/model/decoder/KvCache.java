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
 * Keys and values of every layer, {@code [slots, capacity, kvHeads, headDim]}; its blocks belong to the open scope. On the
 * CPU they are in F32 whatever the weights are in: attention is computed in it there.
 */
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

    /**
     * An empty one for a model of that shape.
     *
     * @param compute type of the layers' products
     */
    public static KvCache allocate(ModelConfig c, Device device, DType compute, int slots, int capacity) {
        List<Tensor> all = Stream.generate(
                        () -> Tensors.zeros(device, dtype(device, compute), slots, capacity, c.kvHeads(), c.headDim()))
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

    /** All positions of all slots in one row, {@code [slots · capacity, kvHeads, headDim]}. */
    Tensor flat(Tensor block) {
        return block.view((long) slots * capacity, block.size(2), block.size(3));
    }

    /**
     * Writes one position of some slots.
     *
     * @param place its index among all positions of all slots, I64 {@code [rows]}
     * @param k {@code [rows, kvHeads, headDim]}, as {@code v}
     */
    void write(int layer, Tensor place, Tensor k, Tensor v) {
        flat(keys.get(layer)).indexCopy_(0, place, k.to(keys.get(layer).dtype()));
        flat(values.get(layer)).indexCopy_(0, place, v.to(values.get(layer).dtype()));
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

    private static void put(Tensor block, List<Tensor> place, Tensor heads) {
        Tensor positions = heads.transpose(1, 2).to(block.dtype());
        block.narrow(1, 0, positions.size(1)).indexPut_(place, positions);
    }

    /** Copies the first positions of one slot into another. */
    public void copy(int from, int to, int positions) {
        for (List<Tensor> blocks : List.of(keys, values)) {
            for (Tensor block : blocks) {
                block.select(0, to)
                        .narrow(0, 0, positions)
                        .copy_(block.select(0, from).narrow(0, 0, positions));
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
        Tensor other = Tensors.zeros(block.device(), block.dtype(), toSlots, toCapacity, block.size(2), block.size(3));
        int keptSlots = Math.min(slots, toSlots);
        int kept = Math.min(capacity, toCapacity);
        other.narrow(0, 0, keptSlots)
                .narrow(1, 0, kept)
                .copy_(block.narrow(0, 0, keptSlots).narrow(1, 0, kept));
        block.close();
        return other;
    }
}
