package cogent.model;

import cogent.tensor.DType;
import cogent.tensor.Tensor;
import cogent.tensor.Tensors;
import java.util.List;
import java.util.stream.Stream;

/** Keys and values of every layer, {@code [slots, kvHeads, capacity, headDim]}: allocated once, in the open scope. */
final class KvCache {
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

    static KvCache allocate(Decoder decoder, int slots, int capacity) {
        ModelConfig c = decoder.config();
        Stream<Tensor> blocks = Stream.generate(() -> Tensors.zeros(
                        decoder.embedding().device(), DType.F32, slots, c.kvHeads(), capacity, c.headDim()))
                .limit(2L * c.layers());
        List<Tensor> all = blocks.toList();
        return new KvCache(all.subList(0, c.layers()), all.subList(c.layers(), all.size()), slots, capacity);
    }

    int slots() {
        return slots;
    }

    int capacity() {
        return capacity;
    }

    Tensor keys(int layer) {
        return keys.get(layer);
    }

    Tensor values(int layer) {
        return values.get(layer);
    }

    /** Writes new sequences from position 0, sequence i into {@code into[i]}; padding lands behind their ends. */
    Writer prefill(int... into) {
        return (layer, sequences, k, v) -> {
            int[] chosen = sequences.stream().mapToInt(i -> into[i]).toArray();
            List<Tensor> index = List.of(Tensors.of(chosen, chosen.length).to(k.device(), DType.I64));
            long time = k.size(2);
            keys.get(layer).narrow(2, 0, time).indexPut_(index, k);
            values.get(layer).narrow(2, 0, time).indexPut_(index, v);
        };
    }

    /** A smaller cache with some of the slots. */
    KvCache compact(int... keep) {
        Tensor index = Tensors.of(keep, keep.length).to(keys.get(0).device(), DType.I64);
        return new KvCache(
                keys.stream().map(t -> moved(t, index)).toList(),
                values.stream().map(t -> moved(t, index)).toList(),
                keep.length,
                capacity);
    }

    private static Tensor moved(Tensor t, Tensor index) {
        Tensor kept = t.indexSelect(0, index);
        t.close();
        return kept;
    }
}
