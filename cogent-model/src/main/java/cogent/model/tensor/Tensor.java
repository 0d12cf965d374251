package cogent.model.tensor;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * A tensor of libtorch with an owner: the {@link Scope} that was innermost when it was made, or, when
 * {@linkplain #retained() retained}, whoever closes it. Use after that is an {@link IllegalStateException}; so is use of
 * a scoped tensor on another thread. Operators follow PyTorch's names and meaning (a trailing underscore works in
 * place); what libtorch refuses is a {@link RuntimeException} with its message. Tensors are made by {@link Tensors},
 * neural-network operators are in {@link Nn}, those over many tensors at once in {@link Foreach}.
 */
public final class Tensor extends InPlaceOperators implements AutoCloseable {
    private final org.bytedeco.pytorch.Tensor raw;
    private @Nullable Scope scope;

    private Tensor(org.bytedeco.pytorch.Tensor raw, @Nullable Scope scope) {
        this.raw = raw;
        this.scope = scope;
    }

    /** Gives a fresh native handle to the innermost scope; without one it is freed and refused. */
    static Tensor own(org.bytedeco.pytorch.Tensor raw) {
        try {
            return new Tensor(raw, Scope.innermost());
        } catch (IllegalStateException e) {
            raw.deallocate();
            throw e;
        }
    }

    /** The native handle, checked to be alive and on its thread. */
    @Override
    org.bytedeco.pytorch.Tensor raw() {
        if (raw.isNull()) {
            throw new IllegalStateException("this tensor was freed: its scope was closed, or it was");
        }
        if (scope != null && !scope.isOfThisThread()) {
            throw new IllegalStateException("this tensor belongs to a scope of another thread: use retained()");
        }
        return raw;
    }

    @Override
    Tensor self() {
        return this;
    }

    @Nullable
    Scope scope() {
        return scope;
    }

    void moveTo(Scope outer) {
        scope = outer;
    }

    // ---- life

    /** The same storage under a handle that outlives every scope and may be used on any thread; close it yourself. */
    public Tensor retained() {
        var copy = new org.bytedeco.pytorch.Tensor(raw());
        copy.retainReference();
        return new Tensor(copy, null);
    }

    /** Frees the handle now, before its scope does. Closing twice is harmless. */
    @Override
    public void close() {
        if (!raw.isNull()) {
            raw().deallocate();
        }
    }

    public boolean isClosed() {
        return raw.isNull();
    }

    // ---- facts

    public long[] shape() {
        return raw().shape();
    }

    /** Size of one dimension; negative ones count from the last. */
    public long size(int dim) {
        return raw().size(dim);
    }

    public int rank() {
        return (int) raw().dim();
    }

    public long numel() {
        return raw().numel();
    }

    public long nbytes() {
        return raw().nbytes();
    }

    public DType dtype() {
        return DType.of(raw().scalar_type());
    }

    public Device device() {
        return raw().is_cpu() ? Device.CPU : new Device("cuda:" + raw().device().index());
    }

    /** Elements from one index of a dimension to the next. */
    public long stride(int dim) {
        return raw().stride(dim);
    }

    // ---- autograd

    public boolean requiresGrad() {
        return raw().requires_grad();
    }

    /** @return this */
    public Tensor requiresGrad(boolean on) {
        raw().set_requires_grad(on);
        return this;
    }

    /** The same values, cut from the graph. */
    public Tensor detach() {
        return own(raw().detach());
    }

    /** Gradients of a scalar. */
    public void backward() {
        raw().backward();
    }

    /** Gradients of the sum of this times the upstream gradient. */
    public void backward(Tensor upstream) {
        raw().backward(upstream.raw(), new BoolOptional(), false, new TensorArrayRefOptional());
    }

    /** Gradients of the sum of several tensors, each times its upstream gradient. */
    public static void backward(List<Tensor> tensors, List<Tensor> upstream) {
        try (var _ = new PointerScope()) {
            torch.backward(vector(tensors), vector(upstream), new BoolOptional(), false, new TensorVector());
        }
    }

    private static TensorVector vector(List<Tensor> tensors) {
        return new TensorVector(tensors.stream().map(Tensor::raw).toArray(org.bytedeco.pytorch.Tensor[]::new));
    }

    public boolean hasGrad() {
        return raw().grad().defined();
    }

    /**
     * The gradient, under a handle of its own: it survives this tensor.
     *
     * @throws IllegalStateException when there is none
     */
    public Tensor grad() {
        var grad = raw().grad();
        if (!grad.defined()) {
            throw new IllegalStateException("no gradient was accumulated here");
        }
        return own(new org.bytedeco.pytorch.Tensor(grad));
    }

    /** Lets the next backward accumulate into this tensor. */
    public void setGrad(Tensor grad) {
        raw().mutable_grad().put(grad.raw());
    }

    /** Forgets the gradient; the next backward stores its own without an addition. */
    public void clearGrad() {
        raw().mutable_grad().reset();
    }

    /** A number that is another one after every change of the elements in place, whoever makes it. */
    public long version() {
        return raw()._version();
    }

    /** Tells {@link #version} of a change by an operator that does not. */
    void changed() {
        raw().unsafeGetTensorImpl().bump_version();
    }

    // ---- conversion

    /** This, converted if needed; differentiable. */
    public Tensor to(DType dtype) {
        return own(raw().to(dtype.raw()));
    }

    public Tensor to(Device device, DType dtype) {
        return own(raw().to(device.raw(), dtype.raw()));
    }

    public Tensor contiguous() {
        return own(raw().contiguous());
    }

    /** A copy in storage of its own. */
    public Tensor copy() {
        return own(raw().clone());
    }

    /** The one element of this tensor. */
    public double item() {
        return raw().item_double();
    }

    public float[] toFloats() {
        return Memory.toFloats(this);
    }

    public double[] toDoubles() {
        return Memory.toDoubles(this);
    }

    public long[] toLongs() {
        return Memory.toLongs(this);
    }

    @Override
    public String toString() {
        return raw.isNull() ? "tensor (freed)" : dtype() + Arrays.toString(shape());
    }
}
