package cogent.model.tensor;

import static cogent.model.tensor.Tensor.own;

import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.TensorVector;

/** What is computed from tensors into new ones: the operators of {@link Tensor}, in a file of their own. */
abstract sealed class Operators permits InPlaceOperators {
    abstract org.bytedeco.pytorch.Tensor raw();

    abstract Tensor self();

    // ---- shape

    public Tensor view(long... shape) {
        return own(raw().view(shape));
    }

    public Tensor reshape(long... shape) {
        return own(raw().reshape(shape));
    }

    public Tensor expand(long... shape) {
        return own(raw().expand(shape));
    }

    public Tensor transpose(int a, int b) {
        return own(raw().transpose(a, b));
    }

    public Tensor permute(long... dims) {
        return own(raw().permute(dims));
    }

    public Tensor unsqueeze(int dim) {
        return own(raw().unsqueeze(dim));
    }

    public Tensor squeeze(int dim) {
        return own(raw().squeeze(dim));
    }

    /** Elements {@code start} to {@code start + length} of a dimension, as a view. */
    public Tensor narrow(int dim, long start, long length) {
        return own(raw().narrow(dim, start, length));
    }

    /** One index of a dimension, which disappears; a view. */
    public Tensor select(int dim, long index) {
        return own(raw().select(dim, index));
    }

    /** Shifts a dimension's elements onward, the last ones to the front. */
    public Tensor roll(long shift, int dim) {
        return own(raw().roll(new long[] {shift}, dim));
    }

    /** Parts of the given lengths, as views. */
    public List<Tensor> split(long[] lengths, int dim) {
        TensorVector parts = raw().split(lengths, dim);
        return LongStream.range(0, parts.size())
                .mapToObj(i -> own(new org.bytedeco.pytorch.Tensor(parts.get(i))))
                .toList();
    }

    public Tensor repeatInterleave(long times, int dim) {
        return own(raw().repeat_interleave(times, new LongOptional(dim), new LongOptional()));
    }

    // ---- element-wise

    public Tensor add(Tensor other) {
        return own(raw().add(other.raw()));
    }

    public Tensor add(double value) {
        return own(raw().add(new Scalar(value)));
    }

    public Tensor add(long value) {
        return own(raw().add(new Scalar(value)));
    }

    public Tensor sub(Tensor other) {
        return own(raw().sub(other.raw()));
    }

    public Tensor sub(double value) {
        return own(raw().sub(new Scalar(value)));
    }

    public Tensor mul(Tensor other) {
        return own(raw().mul(other.raw()));
    }

    public Tensor mul(double value) {
        return own(raw().mul(new Scalar(value)));
    }

    public Tensor mul(long value) {
        return own(raw().mul(new Scalar(value)));
    }

    public Tensor div(Tensor other) {
        return own(raw().div(other.raw()));
    }

    public Tensor div(double value) {
        return own(raw().div(new Scalar(value)));
    }

    public Tensor pow(double exponent) {
        return own(raw().pow(new Scalar(exponent)));
    }

    public Tensor neg() {
        return own(raw().neg());
    }

    public Tensor abs() {
        return own(raw().abs());
    }

    public Tensor exp() {
        return own(raw().exp());
    }

    public Tensor log() {
        return own(raw().log());
    }

    public Tensor sqrt() {
        return own(raw().sqrt());
    }

    public Tensor rsqrt() {
        return own(raw().rsqrt());
    }

    public Tensor cos() {
        return own(raw().cos());
    }

    public Tensor sin() {
        return own(raw().sin());
    }

    public Tensor sigmoid() {
        return own(raw().sigmoid());
    }

    /** this + a · b. */
    public Tensor addcmul(Tensor a, Tensor b) {
        return own(raw().addcmul(a.raw(), b.raw()));
    }

    public Tensor maximum(Tensor other) {
        return own(raw().maximum(other.raw()));
    }

    public Tensor minimum(Tensor other) {
        return own(raw().minimum(other.raw()));
    }

    public Tensor clamp(double min, double max) {
        return own(raw().clamp(new ScalarOptional(new Scalar(min)), new ScalarOptional(new Scalar(max))));
    }

    public Tensor isFinite() {
        return own(raw().isfinite());
    }

    // ---- comparison (BOOL tensors)

    public Tensor eq(Tensor other) {
        return own(raw().eq(other.raw()));
    }

    public Tensor eq(double value) {
        return own(raw().eq(new Scalar(value)));
    }

    public Tensor ne(double value) {
        return own(raw().ne(new Scalar(value)));
    }

    public Tensor lt(Tensor other) {
        return own(raw().lt(other.raw()));
    }

    public Tensor lt(double value) {
        return own(raw().lt(new Scalar(value)));
    }

    public Tensor le(Tensor other) {
        return own(raw().le(other.raw()));
    }

    public Tensor gt(Tensor other) {
        return own(raw().gt(other.raw()));
    }

    public Tensor gt(double value) {
        return own(raw().gt(new Scalar(value)));
    }

    public Tensor ge(Tensor other) {
        return own(raw().ge(other.raw()));
    }

    public Tensor and(Tensor other) {
        return own(raw().logical_and(other.raw()));
    }

    public Tensor or(Tensor other) {
        return own(raw().logical_or(other.raw()));
    }

    public Tensor not() {
        return own(raw().logical_not());
    }

    public Tensor all() {
        return own(raw().all());
    }

    // ---- reductions

    public Tensor sum() {
        return own(raw().sum());
    }

    public Tensor sum(int dim, boolean keepDim) {
        return own(raw().sum(new long[] {dim}, keepDim, new ScalarTypeOptional()));
    }

    /** In another type, as which it is added up. */
    public Tensor sum(int dim, boolean keepDim, DType result) {
        return own(raw().sum(new long[] {dim}, keepDim, new ScalarTypeOptional(result.raw())));
    }

    public Tensor mean() {
        return own(raw().mean());
    }

    public Tensor mean(int dim, boolean keepDim) {
        return own(raw().mean(new long[] {dim}, keepDim, new ScalarTypeOptional()));
    }

    /** The largest element of all. */
    public Tensor max() {
        return own(raw().max());
    }

    /** The largest element along a dimension. */
    public Tensor max(int dim, boolean keepDim) {
        return own(raw().amax(new long[] {dim}, keepDim));
    }

    public Tensor argmax(int dim) {
        return own(raw().argmax(new LongOptional(dim), false));
    }

    public Tensor cumsum(int dim) {
        return own(raw().cumsum(dim));
    }

    public Tensor logsumexp(int dim, boolean keepDim) {
        return own(raw().logsumexp(new long[] {dim}, keepDim));
    }

    /** Values in order with the indices that they came from. */
    public record Ranked(Tensor values, Tensor indices) {}

    /** The k largest of the dimension, largest first. */
    public Ranked topk(long k, int dim) {
        return ranked(raw().topk(k, dim, true, true));
    }

    public Ranked sort(int dim, boolean descending) {
        return ranked(raw().sort(dim, descending));
    }

    private static Ranked ranked(T_TensorTensor_T pair) {
        return new Ranked(
                own(new org.bytedeco.pytorch.Tensor(pair.get0())), own(new org.bytedeco.pytorch.Tensor(pair.get1())));
    }

    // ---- products

    public Tensor matmul(Tensor other) {
        return SharedGemm.fits(self(), other)
                ? SharedGemm.product(self(), other, null)
                : own(raw().matmul(other.raw()));
    }

    /** A matrix product with the result in another type; a GPU sums and stores F32 from BF16 factors without rounding between. */
    public Tensor matmul(Tensor other, DType result) {
        if (raw().is_cpu()) {
            Tensor product = matmul(other);
            return product.dtype() == result ? product : own(product.raw().to(result.raw()));
        }
        return own(org.bytedeco.pytorch.global.torch.mm(raw(), other.raw(), result.raw()));
    }

    // ---- indexing

    public Tensor indexSelect(int dim, Tensor index) {
        return own(raw().index_select(dim, index.raw()));
    }

    public Tensor gather(int dim, Tensor index) {
        return own(raw().gather(dim, index.raw()));
    }

    /** The same bits as numbers of another type of that size; a view. */
    public Tensor bitsAs(DType dtype) {
        return own(raw().view(dtype.raw()));
    }

    public Tensor maskedFill(Tensor mask, double value) {
        return own(raw().masked_fill(mask.raw(), new Scalar(value)));
    }
}
