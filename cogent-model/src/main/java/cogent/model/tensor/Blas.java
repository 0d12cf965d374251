package cogent.model.tensor;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.URL;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;

/**
 * Products in single precision by the addresses of their operands: a call through libtorch costs as much as a small product
 * takes. One row goes to OpenBLAS, which reads a matrix nearly as fast as the memory gives it where MKL has half of that;
 * more rows go to the library that libtorch has.
 */
public final class Blas {
    private static final int ROW_MAJOR = 101;
    private static final int AS_IT_IS = 111;
    private static final int TRANSPOSED = 112;
    /** OpenBLAS, and what it needs. */
    private static final List<String> FILES =
            List.of("libopenblas.so.0", "libgfortran.so.5", "libquadmath.so.0", "libgcc_s.so.1");

    private static final @Nullable MethodHandle SGEMV = sgemv();
    private static final @Nullable MethodHandle SGEMM = sgemm();

    private Blas() {}

    /** Whether the platform's jars have what these call. */
    public static boolean isPresent() {
        return SGEMV != null && SGEMM != null;
    }

    /**
     * Some columns of x · weightᵀ + bias. All operands are contiguous.
     *
     * @param x address of {@code [rows, in]}
     * @param weight address of {@code [to, in]} at least
     * @param bias address of {@code [to]} at least; 0 without one
     * @param y address of the layer's first column in the result
     * @param width columns of a row of the result
     */
    static void linear(long x, int rows, int in, long weight, long bias, int from, int to, long y, int width) {
        long first = weight + 4L * in * from;
        long result = y + 4L * from;
        int columns = to - from;
        for (int row = 0; bias != 0 && row < rows; row++) {
            MemorySegment.copy(
                    floats(bias + 4L * from, columns), 0, floats(result + 4L * width * row, columns), 0, 4L * columns);
        }
        float kept = bias == 0 ? 0 : 1;
        try {
            if (rows == 1) {
                present(SGEMV).invokeExact(ROW_MAJOR, AS_IT_IS, columns, in, 1f, first, in, x, 1, kept, result, 1);
            } else {
                present(SGEMM)
                        .invokeExact(
                                ROW_MAJOR,
                                AS_IT_IS,
                                TRANSPOSED,
                                rows,
                                columns,
                                in,
                                1f,
                                x,
                                in,
                                first,
                                in,
                                kept,
                                result,
                                width);
            }
        } catch (Throwable e) {
            throw new IllegalStateException("cannot call a matrix product", e);
        }
    }

    /**
     * Some results of weight · x.
     *
     * @param weight {@code [to, in]} at least
     * @param x {@code [in]}
     * @param y of which from … to - 1 are written
     * @param added whether to what is there
     */
    public static void product(
            MemorySegment weight, int in, MemorySegment x, MemorySegment y, int from, int to, boolean added) {
        long rows = weight.asSlice(4L * in * from, 4L * in * (to - from)).address();
        long result = y.asSlice(4L * from, 4L * (to - from)).address();
        sgemv(AS_IT_IS, to - from, in, rows, x.asSlice(0, 4L * in).address(), added ? 1 : 0, result);
    }

    /**
     * The sum of some rows, each with its factor.
     *
     * @param rows {@code [count, width]} at least
     * @param factors {@code [count]}
     * @param y {@code [width]}
     */
    public static void combined(MemorySegment rows, int count, int width, MemorySegment factors, MemorySegment y) {
        long first = rows.asSlice(0, 4L * count * width).address();
        long factor = factors.asSlice(0, 4L * count).address();
        sgemv(
                TRANSPOSED,
                count,
                width,
                first,
                factor,
                0,
                y.asSlice(0, 4L * width).address());
    }

    private static void sgemv(int way, int rows, int columns, long matrix, long x, float kept, long y) {
        try {
            present(SGEMV).invokeExact(ROW_MAJOR, way, rows, columns, 1f, matrix, columns, x, 1, kept, y, 1);
        } catch (Throwable e) {
            throw new IllegalStateException("cannot call a matrix product", e);
        }
    }

    private static MethodHandle present(@Nullable MethodHandle function) {
        if (function == null) {
            throw new IllegalStateException("this platform's jars have no such product");
        }
        return function;
    }

    private static MemorySegment floats(long address, long count) {
        return MemorySegment.ofAddress(address).reinterpret(4 * count);
    }

    private static @Nullable MethodHandle sgemv() {
        MemoryLayout i = ValueLayout.JAVA_INT;
        MemoryLayout f = ValueLayout.JAVA_FLOAT;
        MemoryLayout address = ValueLayout.JAVA_LONG;
        Path openblas = openblas();
        MethodHandle threads = function(openblas, "openblas_set_num_threads", i);
        if (threads != null) {
            LibTorch.call(threads, 1); // the threads are ours
        }
        return function(openblas, "cblas_sgemv", i, i, i, i, f, address, i, address, i, f, address, i);
    }

    private static @Nullable MethodHandle sgemm() {
        MemoryLayout i = ValueLayout.JAVA_INT;
        MemoryLayout f = ValueLayout.JAVA_FLOAT;
        MemoryLayout address = ValueLayout.JAVA_LONG;
        Path library = LibTorch.blas().equals("mkl") ? LibTorch.unpacked(LibTorch.ofMkl()) : openblas();
        return function(library, "cblas_sgemm", i, i, i, i, i, i, f, address, i, address, i, f, address, i);
    }

    /**
     * The library itself. With MKL JavaCPP puts a link to that in its place, so it is unpacked a second time, beside
     * what it needs; a process that comes first leaves it to the others.
     */
    private static @Nullable Path openblas() {
        if (!LibTorch.blas().equals("mkl")) {
            return LibTorch.unpacked(LibTorch.ofOpenblas(FILES.getFirst()));
        }
        URL jar = LibTorch.class.getResource(LibTorch.ofOpenblas(FILES.getFirst()));
        if (jar == null) {
            return null;
        }
        try {
            Path cache = Loader.getCacheDir().toPath();
            Path home = cache.resolve(
                    "cogent-openblas-" + Integer.toHexString(jar.toString().hashCode()));
            if (!Files.isDirectory(home)) {
                Path fresh = Files.createTempDirectory(cache, "cogent-openblas");
                for (String file : FILES) {
                    try (InputStream in = LibTorch.class.getResourceAsStream(LibTorch.ofOpenblas(file))) {
                        if (in != null) {
                            Files.copy(in, fresh.resolve(file));
                        }
                    }
                }
                moved(fresh, home);
            }
            return home.resolve(FILES.getFirst());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack OpenBLAS: " + e.getMessage(), e);
        }
    }

    private static void moved(Path fresh, Path home) throws IOException {
        try {
            Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.isDirectory(home)) {
                throw e;
            }
            for (String file : FILES) { // another process was faster
                Files.deleteIfExists(fresh.resolve(file));
            }
            Files.delete(fresh);
        }
    }

    /** None where the platform's jar has no such library. */
    private static @Nullable MethodHandle function(@Nullable Path library, String name, MemoryLayout... arguments) {
        return library == null
                ? null
                : SymbolLookup.libraryLookup(library, Arena.global())
                        .find(name)
                        .map(at -> Linker.nativeLinker().downcallHandle(at, FunctionDescriptor.ofVoid(arguments)))
                        .orElse(null);
    }
}
