package cogent.model.tensor;

import static cogent.model.tensor.Tensor.own;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** Makes tensors, in the innermost {@link Scope}. */
public final class Tensors {
    static {
        LibTorch.load();
    }

    private Tensors() {}

    /** Values in row-major order; the device is the CPU. */
    public static Tensor of(float[] values, long... shape) {
        return filled(DType.F32, MemorySegment.ofArray(values), shape);
    }

    public static Tensor of(double[] values, long... shape) {
        return filled(DType.F64, MemorySegment.ofArray(values), shape);
    }

    public static Tensor of(long[] values, long... shape) {
        return filled(DType.I64, MemorySegment.ofArray(values), shape);
    }

    /** Token ids: 64-bit on the device, as libtorch wants its indices. */
    public static Tensor of(int[] values, long... shape) {
        try (Scope scope = Scope.open()) {
            return scope.keep(
                    filled(DType.I32, MemorySegment.ofArray(values), shape).to(DType.I64));
        }
    }

    private static Tensor filled(DType dtype, MemorySegment values, long... shape) {
        Tensor made = empty(dtype, shape);
        if (made.nbytes() != values.byteSize()) {
            throw new IllegalArgumentException(
                    "%d values for a shape of %d".formatted(values.byteSize() / dtype.bytes(), made.numel()));
        }
        MemorySegment.copy(
                values, ValueLayout.JAVA_BYTE, 0, Memory.segment(made), ValueLayout.JAVA_BYTE, 0, values.byteSize());
        return made;
    }

    /** Uninitialised. */
    public static Tensor empty(DType dtype, long... shape) {
        return own(torch.empty(shape, new TensorOptions(dtype.raw()), new MemoryFormatOptional()));
    }

    public static Tensor zeros(DType dtype, long... shape) {
        return zeros(Device.CPU, dtype, shape);
    }

    public static Tensor zeros(Device device, DType dtype, long... shape) {
        return own(torch.zeros(shape, options(device, dtype)));
    }

    public static Tensor zerosLike(Tensor like) {
        return own(torch.zeros_like(like.raw()));
    }

    public static Tensor full(double value, DType dtype, long... shape) {
        return own(torch.full(shape, new Scalar(value), new TensorOptions(dtype.raw())));
    }

    /** 0, 1, …, n-1 as {@link DType#I64}. */
    public static Tensor arange(long n) {
        return arange(Device.CPU, n);
    }

    /** As {@link #arange(long)}, made on the device itself. */
    public static Tensor arange(Device device, long n) {
        return own(torch.arange(new Scalar(n), options(device, DType.I64)));
    }

    /** Standard normal values, float, from a generator of their own: the seed decides them alone. */
    public static Tensor randn(long seed, long... shape) {
        return own(torch.randn(
                shape, new GeneratorOptional(torch.createCPUGenerator(seed)), new TensorOptions(DType.F32.raw())));
    }

    /** Uniform values in [0, 1), float, from a generator of their own. */
    public static Tensor rand(long seed, long... shape) {
        return own(torch.rand(
                shape, new GeneratorOptional(torch.createCPUGenerator(seed)), new TensorOptions(DType.F32.raw())));
    }

    public static Tensor cat(List<Tensor> parts, int dim) {
        return own(torch.cat(vector(parts), dim));
    }

    /**
     * What some tensors are along their first dimension, as a view; null where they do not lie one behind the other in the same
     * memory.
     */
    public static @Nullable Tensor together(List<Tensor> parts) {
        var first = parts.getFirst().raw();
        long end = first.data_ptr().address();
        long rows = 0;
        for (Tensor part : parts) {
            var raw = part.raw();
            if (!raw.is_contiguous() || raw.data_ptr().address() != end) {
                return null;
            }
            end += raw.nbytes();
            rows += raw.size(0);
        }
        long kept = first.storage().data().address() + first.storage().nbytes();
        if (end > kept) {
            return null; // neighbours by chance
        }
        long[] shape = first.shape();
        shape[0] = rows;
        return own(first.as_strided(shape, strides(shape), new LongOptional(first.storage_offset())));
    }

    /** Of the elements in row-major order. */
    private static long[] strides(long... shape) {
        long[] strides = new long[shape.length];
        long step = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = step;
            step *= shape[i];
        }
        return strides;
    }

    /** Elements of {@code yes} where the condition holds, else of {@code no}. */
    public static Tensor where(Tensor condition, Tensor yes, Tensor no) {
        return own(torch.where(condition.raw(), yes.raw(), no.raw()));
    }

    static TensorVector vector(List<Tensor> tensors) {
        return new TensorVector(tensors.stream().map(Tensor::raw).toArray(org.bytedeco.pytorch.Tensor[]::new));
    }

    private static TensorOptions options(Device device, DType dtype) {
        return new TensorOptions(dtype.raw()).device(new DeviceOptional(device.raw()));
    }
}
