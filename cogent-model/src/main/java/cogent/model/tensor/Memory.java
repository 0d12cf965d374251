package cogent.model.tensor;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.PointerConsumer;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/** Elements between the Java heap, mapped files and tensors, always in bulk. */
public final class Memory {
    static {
        LibTorch.load();
    }

    private static final long SLICE = 1L << 30;
    private static final long ALIGNMENT = 64;

    private Memory() {}

    /**
     * A tensor over memory that is not copied, for instance a mapped file. The segment is kept reachable until
     * libtorch has freed the tensor and everything that shares its storage, so map it in {@code Arena.ofAuto()}: an arena
     * that is closed by hand pulls the memory away. Elements need not be aligned.
     *
     * @throws IllegalArgumentException when the segment is not native or not as large as the shape says
     */
    public static Tensor view(MemorySegment segment, DType dtype, long... shape) {
        if (!segment.isNative()) {
            throw new IllegalArgumentException("a tensor cannot lie on the Java heap");
        }
        long bytes = dtype.bytes();
        for (long n : shape) {
            if (n < 0) {
                throw new IllegalArgumentException("a dimension of " + n);
            }
            bytes = Math.multiplyExact(bytes, n);
        }
        if (bytes != segment.byteSize()) {
            throw new IllegalArgumentException("a shape of " + bytes + " bytes over " + segment.byteSize());
        }
        if (bytes == 0) {
            return Tensors.zeros(dtype, shape);
        }
        Scope.innermost();
        return Tensor.own(
                torch.from_blob(Borrowed.lend(segment), shape, Borrowed.RETURN, new TensorOptions(dtype.raw())));
    }

    /**
     * The tensor, or a copy of it where its memory does not begin at a multiple of 64 as libtorch's own does: matrix
     * products round differently there, so a loaded model would not compute what the saved one did.
     */
    public static Tensor aligned(Tensor tensor) {
        var data = tensor.raw().data_ptr();
        return data == null || data.address() % ALIGNMENT == 0 ? tensor : tensor.copy();
    }

    /**
     * Writes the elements as they lie in memory (little-endian), row by row.
     *
     * @throws IOException what the channel throws
     */
    public static void write(Tensor tensor, WritableByteChannel channel) throws IOException {
        try (Scope _ = Scope.open()) {
            Tensor plain = onHeapOrder(tensor);
            MemorySegment all = segment(plain);
            for (long at = 0; at < all.byteSize(); at += SLICE) {
                ByteBuffer slice =
                        all.asSlice(at, Math.min(SLICE, all.byteSize() - at)).asByteBuffer();
                while (slice.hasRemaining()) {
                    channel.write(slice);
                }
            }
        }
    }

    /** Copies the elements, converted to float if they are not. */
    static float[] toFloats(Tensor tensor) {
        try (Scope _ = Scope.open()) {
            return segment(onHeapOrder(tensor.to(DType.F32))).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        }
    }

    static double[] toDoubles(Tensor tensor) {
        try (Scope _ = Scope.open()) {
            return segment(onHeapOrder(tensor.to(DType.F64))).toArray(ValueLayout.JAVA_DOUBLE_UNALIGNED);
        }
    }

    static long[] toLongs(Tensor tensor) {
        try (Scope _ = Scope.open()) {
            return segment(onHeapOrder(tensor.to(DType.I64))).toArray(ValueLayout.JAVA_LONG_UNALIGNED);
        }
    }

    /** The tensor's own memory: valid while the tensor lives, contiguous and on the CPU only. */
    public static MemorySegment segment(Tensor tensor) {
        return segment(tensor.raw());
    }

    static MemorySegment segment(org.bytedeco.pytorch.Tensor tensor) {
        Pointer data = tensor.data_ptr();
        if (data == null) { // no elements
            return MemorySegment.NULL;
        }
        return MemorySegment.ofAddress(data.address()).reinterpret(tensor.nbytes());
    }

    private static Tensor onHeapOrder(Tensor tensor) {
        return tensor.detach().to(Device.CPU, tensor.dtype()).contiguous();
    }

    /** Segments that tensors lie over, kept reachable until libtorch gives them back. */
    private static final class Borrowed {
        /** One native callback for all, since there can be few; an address may be lent more than once. */
        static final Return RETURN = new Return().retainReference();

        private static final ConcurrentHashMap<Long, Loan> LOANS = new ConcurrentHashMap<>();

        private record Loan(MemorySegment segment, AtomicLong times) {}

        static Pointer lend(MemorySegment segment) {
            LOANS.compute(segment.address(), (_, loan) -> {
                Loan open = loan == null ? new Loan(segment, new AtomicLong()) : loan;
                open.times.incrementAndGet();
                return open;
            });
            return new At(segment.address());
        }

        static void giveBack(long address) {
            LOANS.compute(address, (_, loan) -> loan == null || loan.times.decrementAndGet() == 0 ? null : loan);
        }
    }

    private static final class At extends Pointer {
        At(long address) {
            super((Pointer) null);
            this.address = address;
        }
    }

    private static final class Return extends PointerConsumer {
        @Override
        public void call(Pointer memory) {
            Borrowed.giveBack(memory.address());
        }
    }
}
