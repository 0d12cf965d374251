package cogent.model.delta;

import cogent.model.hf.LinearAttention;
import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What texts remember in the layers that do, by slot; its blocks belong to the open scope. Always F32: errors add up in it. */
public final class DeltaStates {
    private final SequencedMap<Integer, GatedDeltaNet.State> layers;

    private DeltaStates(SequencedMap<Integer, GatedDeltaNet.State> layers) {
        this.layers = layers;
    }

    /** Of texts that have not begun. */
    public static DeltaStates allocate(LinearAttention shape, Device device, int slots) {
        SequencedMap<Integer, GatedDeltaNet.State> layers = new TreeMap<>();
        for (int layer = 0; layer < shape.layers().size(); layer++) {
            if (shape.at(layer)) {
                Tensor memory =
                        Tensors.zeros(device, DType.F32, slots, shape.valueHeads(), shape.keyDim(), shape.valueDim());
                Tensor inputs = Tensors.zeros(device, DType.F32, slots, shape.kernel() - 1L, shape.channels());
                layers.put(layer, new GatedDeltaNet.State(memory, inputs));
            }
        }
        return new DeltaStates(layers);
    }

    /** Bytes that a slot takes. */
    public static long bytesPerSlot(LinearAttention shape) {
        long memory = shape.values() * shape.keyDim();
        long inputs = (shape.kernel() - 1L) * shape.channels();
        return shape.count() * (memory + inputs) * DType.F32.bytes();
    }

    /** Of the first slots, to be changed in place. */
    public GatedDeltaNet.State first(int layer, long slots) {
        GatedDeltaNet.State all = at(layer);
        return new GatedDeltaNet.State(
                all.memory().narrow(0, 0, slots), all.inputs().narrow(0, 0, slots));
    }

    /**
     * Puts what some sequences remember into slots.
     *
     * @param from which of the sequences, I64 {@code [n]}
     * @param into the slots, I64 {@code [n]}
     */
    public void put(int layer, GatedDeltaNet.State state, Tensor from, Tensor into) {
        at(layer).memory().indexCopy_(0, into, state.memory().indexSelect(0, from));
        at(layer).inputs().indexCopy_(0, into, state.inputs().indexSelect(0, from));
    }

    private GatedDeltaNet.State at(int layer) {
        return Objects.requireNonNull(layers.get(layer));
    }

    /** Copies what one slot remembers into another. */
    public void copy(int from, int to) {
        blocks().forEach(block -> block.select(0, to).copy_(block.select(0, from)));
    }

    /** For another number of slots; this one is freed block by block. */
    public DeltaStates resized(int slots) {
        SequencedMap<Integer, GatedDeltaNet.State> other = new TreeMap<>();
        layers.forEach((layer, state) -> other.put(
                layer, new GatedDeltaNet.State(resized(state.memory(), slots), resized(state.inputs(), slots))));
        return new DeltaStates(other);
    }

    private static Tensor resized(Tensor block, int slots) {
        long[] shape = block.shape();
        long kept = Math.min(shape[0], slots);
        shape[0] = slots;
        Tensor other = Tensors.zeros(block.device(), block.dtype(), shape);
        other.narrow(0, 0, kept).copy_(block.narrow(0, 0, kept));
        block.close();
        return other;
    }

    /** Frees its memory. */
    public void close() {
        blocks().forEach(Tensor::close);
    }

    private List<Tensor> blocks() {
        return layers.values().stream()
                .flatMap(state -> Stream.of(state.memory(), state.inputs()))
                .toList();
    }
}
