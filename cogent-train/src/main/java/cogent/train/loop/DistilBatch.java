package cogent.train.loop;

import cogent.model.decoder.Decoder;
import cogent.model.tensor.DType;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import cogent.train.forward.CompletionPass;
import cogent.train.forward.Compute;
import cogent.train.forward.PackedRows;
import cogent.train.forward.ReverseKl;
import cogent.train.forward.Work;
import cogent.train.rows.Example;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Loss and gradient of what a student said, part by part: the mean of KL(student ‖ teacher) over all tokens of the batch's replies,
 * however it is split (Agarwal et al., arXiv 2306.13649, with the reverse divergence).
 *
 * @param targets tokens of all replies of the batch
 */
public record DistilBatch(Decoder student, Decoder teacher, Compute compute, long targets) {
    /** What a part gave. */
    public record Part(ReverseKl.Sums sums, Work work) {
        static final Part NONE = new Part(ReverseKl.Sums.NONE, Work.NONE);

        Part plus(Part other) {
            return new Part(sums.plus(other.sums), work.plus(other.work));
        }
    }

    /**
     * Runs replies forward and back, adding to the parameters' gradients.
     *
     * @param layerDone as in {@link CompletionPass#backward(float[], IntConsumer)}
     */
    public Part backward(List<Example> replies, IntConsumer layerDone) {
        try (Scope _ = Scope.open()) {
            PackedRows packed = PackedRows.of(replies, compute.layout());
            CompletionPass pass = new CompletionPass(student, packed, compute.recompute());
            Tensor upstream = Tensors.zerosLike(pass.hidden());
            ReverseKl.Sums sums =
                    ReverseKl.of(student, teacher).backward(pass.hidden(), taught(packed), 1.0 / targets, upstream);
            pass.backward(upstream, layerDone);
            return new Part(sums, packed.work());
        }
    }

    /** The teacher's hidden states where a token of a reply comes next. */
    private Tensor taught(PackedRows packed) {
        try (var _ = GradMode.off()) {
            return Scope.of(() -> teacher.hidden(packed.inputs())
                    .indexSelect(
                            0,
                            Tensors.of(packed.positions(), packed.positions().length)
                                    .to(teacher.embedding().device(), DType.I64)));
        }
    }
}
