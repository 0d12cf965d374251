package cogent.model.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.cuda.CUDAAllocator;
import org.bytedeco.pytorch.cuda.CUDAStream;
import org.bytedeco.pytorch.cuda.DeviceAssertionsDataVectorCUDAKernelLaunchInfoVectorPair;
import org.bytedeco.pytorch.cuda.StreamFilter;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch_cuda;

/**
 * Work of a GPU that was recorded once and is launched as a whole: the program then pays for one launch, however many kernels the work
 * has. It reads and writes the same memory every time: what goes in lies in tensors that the caller keeps and changes in place, what
 * comes out in {@link #result()}. Between, its memory is its own, which libtorch's allocator gives to nobody else until this is closed.
 */
public final class CudaGraph implements AutoCloseable {
    /** Of the CUDA runtime: a stream that does not wait for the default one, and a recording that forbids other threads nothing. */
    private static final int NON_BLOCKING = 1;

    private static final int RELAXED = 2;

    /** One a device to record on: what cuBLAS keeps for a stream is then kept once. */
    private static final Map<Byte, Side> SIDES = new HashMap<>();

    /** Memory pools have numbers; libtorch's own count from 1. */
    private static final AtomicLong POOLS = new AtomicLong(1L << 32);

    /** A stream, and the allocations that are its own. */
    private record Side(long stream, StreamFilter allocations) {}

    private final byte device;
    private final long pool;
    private final long executable;
    private final long nodes;
    private final Tensor result;

    private CudaGraph(byte device, long pool, long executable, long nodes, Tensor result) {
        this.device = device;
        this.pool = pool;
        this.executable = executable;
        this.nodes = nodes;
        this.result = result;
    }

    /**
     * Runs the work once, so that libraries have what they make once, and records it.
     *
     * @param work goes the same way every time, waits for nothing of the device and reads nothing from it
     * @throws IllegalStateException when the CUDA runtime refuses; the device is then as it was
     */
    public static synchronized CudaGraph of(Device device, Supplier<Tensor> work) {
        byte index = device.index();
        byte other = torch_cuda.ExchangeDevice(index);
        try (Scope _ = Scope.open()) {
            Side side = SIDES.computeIfAbsent(index, _ -> side());
            CUDAStream before = torch_cuda.getCurrentCUDAStream(index);
            torch_cuda.device_synchronize();
            torch_cuda.setCurrentCUDAStream(CUDAStream.unpack3(side.stream, index, torch.DeviceType.CUDA));
            try {
                Scope.run(() -> {
                    Tensor _ = work.get();
                });
                torch_cuda.device_synchronize();
                return recorded(index, side, work);
            } finally {
                torch_cuda.setCurrentCUDAStream(before);
            }
        } finally {
            torch_cuda.ExchangeDevice(other);
        }
    }

    private static Side side() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment made = arena.allocate(ValueLayout.JAVA_LONG);
            Cudart.call("cudaStreamCreateWithFlags", made, NON_BLOCKING);
            long stream = made.get(ValueLayout.JAVA_LONG, 0);
            StreamFilter allocations = new Only(stream);
            allocations.retainReference(); // beyond the open scope
            return new Side(stream, allocations);
        }
    }

    /** As the allocator takes it. JavaCPP has the wrong name for the pair of numbers, and would free it as what it is not. */
    private static DeviceAssertionsDataVectorCUDAKernelLaunchInfoVectorPair id(long pool) {
        return new DeviceAssertionsDataVectorCUDAKernelLaunchInfoVectorPair(new LongPointer(pool, 0));
    }

    private static CudaGraph recorded(byte index, Side side, Supplier<Tensor> work) {
        long pool = POOLS.getAndIncrement();
        CUDAAllocator allocator = torch_cuda.getAllocator();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
            allocator.beginAllocateToPool(index, id(pool), side.allocations);
            Tensor result;
            try {
                result = between(side.stream, work, out);
            } finally {
                allocator.endAllocateToPool(index, id(pool));
            }
            long graph = out.get(ValueLayout.JAVA_LONG, 0);
            try {
                Cudart.call("cudaGraphGetNodes", graph, 0L, out);
                long nodes = out.get(ValueLayout.JAVA_LONG, 0);
                Cudart.call("cudaGraphInstantiateWithFlags", out, graph, 0L);
                long executable = out.get(ValueLayout.JAVA_LONG, 0);
                return new CudaGraph(index, pool, executable, nodes, result.retained());
            } finally {
                Cudart.call("cudaGraphDestroy", graph);
            }
        } catch (RuntimeException e) {
            allocator.releasePool(index, id(pool));
            throw e;
        }
    }

    /**
     * The end comes also where the work fails, so that the stream is one to work on again.
     *
     * @return its result, which belongs to the open scope
     */
    private static Tensor between(long stream, Supplier<Tensor> work, MemorySegment graph) {
        Cudart.call("cudaStreamBeginCapture", stream, RELAXED);
        Tensor result;
        try {
            result = Scope.of(work);
        } catch (RuntimeException e) {
            try {
                Cudart.call("cudaStreamEndCapture", stream, graph);
            } catch (IllegalStateException ended) {
                e.addSuppressed(ended);
            }
            throw e;
        }
        Cudart.call("cudaStreamEndCapture", stream, graph);
        return result;
    }

    /** Launches it behind all that the device was given before; {@link #result()} is then what it makes this time. */
    public void launch() {
        byte other = torch_cuda.ExchangeDevice(device);
        Cudart.call("cudaGraphLaunch", executable, 0L);
        torch_cuda.ExchangeDevice(other);
    }

    /** Of the last launch; overwritten by the next. */
    public Tensor result() {
        return result;
    }

    /** How many kernels, copies and fills one launch stands for. */
    public long nodes() {
        return nodes;
    }

    /** Gives its memory back. */
    @Override
    public void close() {
        if (result.isClosed()) {
            return;
        }
        result.close();
        torch_cuda.device_synchronize();
        Cudart.call("cudaGraphExecDestroy", executable);
        torch_cuda.getAllocator().releasePool(device, id(pool));
    }

    /** Whose allocations come from the pool: those of one stream. */
    private static final class Only extends StreamFilter {
        private final long stream;

        Only(long stream) {
            this.stream = stream;
        }

        @Override
        public boolean call(Pointer asked) {
            return asked != null && asked.address() == stream;
        }
    }

    /** What JavaCPP does not bind, by its name in the CUDA runtime that libtorch has loaded. */
    private static final class Cudart {
        private static final SymbolLookup LIBRARY = SymbolLookup.libraryLookup("libcudart.so.13", Arena.global());
        private static final Map<String, MethodHandle> FUNCTIONS = new ConcurrentHashMap<>();

        /** @throws IllegalStateException with the runtime's reason, when it refuses */
        static void call(String name, Object... arguments) {
            int status = status(name, arguments);
            if (status != 0) {
                status("cudaGetLastError"); // which libtorch's next call would take for its own
                throw new IllegalStateException(name + ": CUDA error " + status);
            }
        }

        private static int status(String name, Object... arguments) {
            MethodHandle function = FUNCTIONS.computeIfAbsent(name, _ -> function(name, arguments));
            try {
                return (int) function.invokeWithArguments(arguments);
            } catch (Throwable e) {
                throw new IllegalStateException("cannot call " + name, e);
            }
        }

        private static MethodHandle function(String name, Object... arguments) {
            MemoryLayout[] layouts = Stream.of(arguments).map(Cudart::layout).toArray(MemoryLayout[]::new);
            return Linker.nativeLinker()
                    .downcallHandle(LIBRARY.findOrThrow(name), FunctionDescriptor.of(ValueLayout.JAVA_INT, layouts));
        }

        private static MemoryLayout layout(Object argument) {
            return switch (argument) {
                case Integer _ -> ValueLayout.JAVA_INT;
                case MemorySegment _ -> ValueLayout.ADDRESS;
                default -> ValueLayout.JAVA_LONG; // a handle, or a number of bits
            };
        }
    }
}
