package cogent.model.generate;

import cogent.model.decoder.Attention;
import cogent.model.decoder.CachedAttention;
import cogent.model.decoder.Decoder;
import cogent.model.decoder.KvCache;
import cogent.model.hf.ModelConfig;
import cogent.model.tensor.CudaGraph;
import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Computes in few shapes: a power of two of texts, of which some are nobody's, and attention over the whole cache by lengths that
 * the device reads. A GPU's work of a shape that comes again is recorded, and launched as a whole from then on: small models wait for
 * the program's launches otherwise.
 */
final class FixedStep implements DecodingStep {
    private static final System.Logger LOG = System.getLogger(FixedStep.class.getName());

    private final Decoder decoder;
    private final Device device;
    private boolean recording;
    private final Map<Integer, Shape> shapes = new HashMap<>();
    /** Whose memory the shapes read and write. */
    private @Nullable KvCache cache;

    FixedStep(Decoder decoder) {
        this.decoder = decoder;
        device = decoder.embedding().device();
        ModelConfig config = decoder.config();
        // which experts a token goes to is read on the way; to record is to run twice, and what a text remembers would
        // change twice
        recording =
                !device.isCpu() && !config.experts().any() && !config.linear().any();
    }

    @Override
    public Tensor logits(KvCache cache, int[] ids, int[] positions) {
        if (this.cache != cache) {
            close();
            this.cache = cache;
        }
        int texts = ids.length;
        int width = Math.min(cache.slots(), texts == 1 ? 1 : 2 * Integer.highestOneBit(texts - 1));
        Shape shape = shapes.computeIfAbsent(width, rows -> new Shape(cache, rows));
        return shape.logits(ids, positions).narrow(0, 0, texts);
    }

    @Override
    public void close() {
        shapes.values().forEach(Shape::close);
        shapes.clear();
        cache = null;
    }

    /** Steps of so many rows. */
    private final class Shape {
        private final KvCache cache;
        /** I64 {@code [2, rows]}: ids, and positions. */
        private final Tensor inputs;

        private boolean known;
        private @Nullable CudaGraph graph;

        Shape(KvCache cache, int rows) {
            this.cache = cache;
            try (Scope _ = Scope.open()) {
                inputs = Tensors.zeros(device, DType.I64, 2, rows).retained();
            }
        }

        Tensor logits(int[] ids, int[] positions) {
            int rows = (int) inputs.size(1);
            long[] values = new long[2 * rows];
            for (int i = 0; i < ids.length; i++) {
                values[i] = ids[i];
                values[rows + i] = positions[i];
            }
            inputs.copy_(Tensors.of(values, 2, rows));
            if (known && recording && graph == null) {
                graph = recorded();
            }
            known = true; // a shape that does not come again is not worth its recording
            if (graph == null) {
                return computed();
            }
            graph.launch();
            return graph.result().detach();
        }

        private @Nullable CudaGraph recorded() {
            try {
                return CudaGraph.of(device, this::computed);
            } catch (RuntimeException e) {
                recording = false;
                LOG.log(
                        System.Logger.Level.WARNING,
                        "decoding goes on without recorded steps, and slower: " + e.getMessage());
                return null;
            }
        }

        private Tensor computed() {
            Attention attention = CachedAttention.fixed(decoder.heads(), cache, inputs.select(0, 1));
            Tensor x = decoder.embed(inputs.select(0, 0));
            return decoder.logits(decoder.norm(decoder.blocks(x, attention)));
        }

        void close() {
            inputs.close();
            if (graph != null) {
                graph.close();
            }
        }
    }
}
