package cogent.model.tensor;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

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
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;

/**
 * Products in single precision by the addresses of their operands: a call through libtorch costs as much as a small product
 * takes. One row goes to OpenBLAS, which reads a matrix nearly as fast as the memory gives it where MKL has half of that;
 * more rows go to the library that libtorch has, but to OpenBLAS on AMD's processors with AVX-512, which MKL does not use
 * there: Measured in docs/performance.md. All of them use the calling thread alone.
 */
public final class Blas {
    private static final int ROW_MAJOR = 101;
    private static final int AS_IT_IS = 111;
    private static final int TRANSPOSED = 112;
    /** OpenBLAS, and what it needs. */
    private static final List<String> FILES =
            List.of("libopenblas.so.0", "libgfortran.so.5", "libquadmath.so.0", "libgcc_s.so.1");

    /** OpenBLAS's names of kernels for AVX-512. */
    private static final Set<String> WIDE = Set.of("SkylakeX", "Cooperlake", "SapphireRapids");

    private static final @Nullable Path OPENBLAS = openblas();
    private static final boolean OPENBLAS_IS_BEST =
            !LibTorch.blas().equals("mkl") || (isAmd(processor()) && WIDE.contains(kernels()));
    private static final @Nullable MethodHandle SGEMV = sgemv();
    private static final @Nullable MethodHandle SGEMM = sgemm();

    private Blas() {}

    /** Whether the platform's jars have what these call. */
    public static boolean isPresent() {
        return SGEMV != null && SGEMM != null;
    }

    /** Whether products shared out by the caller are faster than libtorch's own. */
    public static boolean isBest() {
        return isPresent() && OPENBLAS_IS_BEST;
    }

    /**
     * A matrix in memory.
     *
     * @param at address of its first element
     * @param width elements from one row to the next, or from one column to the next where it lies transposed
     */
    public record Matrix(long at, int width, boolean transposed) {
        /** The first one of {@code [.., rows, columns]}, whose rows lie together. */
        public static Matrix first(Tensor tensor) {
            var raw = tensor.raw();
            return new Matrix(raw.data_ptr().address(), (int) raw.stride(raw.dim() - 2), false);
        }

        /** One of the same shape so many elements on. */
        public Matrix at(long elements) {
            return new Matrix(at + 4 * elements, width, transposed);
        }

        public Matrix transpose() {
            return new Matrix(at, width, !transposed);
        }

        /** What is right of and below an element. */
        public Matrix from(long row, long column) {
            long elements = transposed ? row + column * width : row * width + column;
            return new Matrix(at + 4 * elements, width, transposed);
        }

        private int way() {
            return transposed ? TRANSPOSED : AS_IT_IS;
        }
    }

    /**
     * c = kept · c + factor · a b.
     *
     * @param a {@code [rows, inner]}
     * @param b {@code [inner, columns]}
     * @param c {@code [rows, columns]}, not transposed
     */
    public static void multiply(
            Matrix a, Matrix b, Matrix c, int rows, int columns, int inner, float factor, float kept) {
        try {
            present(SGEMM)
                    .invokeExact(
                            ROW_MAJOR, a.way(), b.way(), rows, columns, inner, factor, a.at, a.width, b.at, b.width,
                            kept, c.at, c.width);
        } catch (Throwable e) {
            throw new IllegalStateException("cannot call a matrix product", e);
        }
    }

    /**
     * Some columns of x · weightᵀ + bias, or what they add to those that are there.
     *
     * @param x {@code [rows, in]}
     * @param weight {@code [to, in]} at least
     * @param bias {@code [to]} at least, or none
     * @param y from the layer's first column on
     * @param width columns of a row there
     */
    public static void linear(
            MemorySegment x,
            int rows,
            int in,
            MemorySegment weight,
            @Nullable MemorySegment bias,
            int from,
            int to,
            MemorySegment y,
            int width,
            boolean added) {
        int columns = to - from;
        MemorySegment result = y.asSlice(4L * from, 4 * ((rows - 1L) * width + columns));
        for (long row = 0; bias != null && row < rows; row++) {
            for (int i = 0; i < columns; i++) {
                float there = added ? result.getAtIndex(JAVA_FLOAT, row * width + i) : 0;
                result.setAtIndex(JAVA_FLOAT, row * width + i, there + bias.getAtIndex(JAVA_FLOAT, from + i));
            }
        }
        float kept = added || bias != null ? 1 : 0;
        long first = weight.asSlice(4L * in * from, 4L * in * columns).address();
        long left = x.asSlice(0, 4L * rows * in).address();
        if (rows == 1) {
            sgemv(AS_IT_IS, columns, in, first, left, kept, result.address());
        } else {
            Matrix transposed = new Matrix(first, in, true);
            Matrix sum = new Matrix(result.address(), width, false);
            multiply(new Matrix(left, in, false), transposed, sum, rows, columns, in, 1, kept);
        }
    }

    /**
     * Each row's product with x.
     *
     * @param rows {@code [count, width]} at least
     * @param x {@code [width]}
     * @param y {@code [count]}
     */
    public static void products(MemorySegment rows, int count, int width, MemorySegment x, MemorySegment y) {
        ofRows(AS_IT_IS, rows, count, width, x.asSlice(0, 4L * width), y.asSlice(0, 4L * count));
    }

    /**
     * The sum of some rows, each with its factor.
     *
     * @param rows {@code [count, width]} at least
     * @param factors {@code [count]}
     * @param y {@code [width]}
     */
    public static void combined(MemorySegment rows, int count, int width, MemorySegment factors, MemorySegment y) {
        ofRows(TRANSPOSED, rows, count, width, factors.asSlice(0, 4L * count), y.asSlice(0, 4L * width));
    }

    private static void ofRows(int way, MemorySegment rows, int count, int width, MemorySegment x, MemorySegment y) {
        sgemv(way, count, width, rows.asSlice(0, 4L * count * width).address(), x.address(), 0, y.address());
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

    private static @Nullable MethodHandle sgemv() {
        MemoryLayout i = ValueLayout.JAVA_INT;
        MemoryLayout f = ValueLayout.JAVA_FLOAT;
        MemoryLayout address = ValueLayout.JAVA_LONG;
        MethodHandle threads = function(OPENBLAS, "openblas_set_num_threads", i);
        if (threads != null) {
            LibTorch.call(threads, 1); // the threads are ours
        }
        return function(OPENBLAS, "cblas_sgemv", i, i, i, i, f, address, i, address, i, f, address, i);
    }

    private static @Nullable MethodHandle sgemm() {
        MemoryLayout i = ValueLayout.JAVA_INT;
        MemoryLayout f = ValueLayout.JAVA_FLOAT;
        MemoryLayout address = ValueLayout.JAVA_LONG;
        Path library = OPENBLAS_IS_BEST ? OPENBLAS : LibTorch.unpacked(LibTorch.ofMkl());
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
            Path home = cache.resolve(folder(jar));
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

    /** The same for the same library wherever its jar lies, so that not every version of an application leaves 40 MB behind. */
    static String folder(URL library) throws IOException {
        return "cogent-openblas-" + library.openConnection().getContentLengthLong();
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

    /** Which kernels OpenBLAS takes on this processor, or by its variable {@code OPENBLAS_CORETYPE}; empty without it. */
    private static String kernels() {
        MethodHandle name = function(OPENBLAS, "openblas_get_corename", FunctionDescriptor.of(ValueLayout.ADDRESS));
        if (name == null) {
            return "";
        }
        try {
            return ((MemorySegment) name.invokeExact()).reinterpret(64).getString(0);
        } catch (Throwable e) {
            throw new IllegalStateException("cannot ask OpenBLAS for its kernels", e);
        }
    }

    /**
     * OpenBLAS's kernels where the variable {@code OPENBLAS_CORETYPE} names narrower ones than this processor has, and training is slower
     * for that; empty elsewhere.
     */
    public static Optional<String> narrowed() {
        return isPresent() ? narrowed(System.getenv("OPENBLAS_CORETYPE"), kernels(), processor()) : Optional.empty();
    }

    static Optional<String> narrowed(@Nullable String asked, String kernels, List<String> processor) {
        boolean wide = processor.stream().anyMatch(line -> line.startsWith("flags") && line.contains(" avx512_bf16"));
        return asked != null && !asked.isBlank() && isAmd(processor) && wide && !WIDE.contains(kernels)
                ? Optional.of(kernels)
                : Optional.empty();
    }

    private static boolean isAmd(List<String> processor) {
        return processor.stream().anyMatch(line -> line.startsWith("vendor_id") && line.endsWith("AuthenticAMD"));
    }

    /** What Linux says of the first processor; nothing elsewhere. */
    private static List<String> processor() {
        Path cpus = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(cpus)) {
            return List.of();
        }
        try (Stream<String> lines = Files.lines(cpus)) {
            return lines.takeWhile(line -> !line.isEmpty()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + cpus, e);
        }
    }

    private static @Nullable MethodHandle function(@Nullable Path library, String name, MemoryLayout... arguments) {
        return function(library, name, FunctionDescriptor.ofVoid(arguments));
    }

    /** None where the platform's jar has no such library. */
    private static @Nullable MethodHandle function(@Nullable Path library, String name, FunctionDescriptor descriptor) {
        return library == null
                ? null
                : SymbolLookup.libraryLookup(library, Arena.global())
                        .find(name)
                        .map(at -> Linker.nativeLinker().downcallHandle(at, descriptor))
                        .orElse(null);
    }
}
