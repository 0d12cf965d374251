package cogent.model.tensor;

import cogent.data.InputException;
import cogent.data.Uninterrupted;
import cogent.model.process.EnvironmentVariables;
import cogent.model.process.NativeLibraries;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * The native library of this process: loaded once, in one place, with the settings that it needs. Everything in this
 * package calls {@link #load()} before it touches a native class.
 */
public final class LibTorch {
    private static final String PLATFORM = Platform.NAME;
    private static final boolean MKL = configure();

    /** Where the natives lie in their jar: the CUDA build has a folder of its own. */
    private static final String TORCH = Platform.torch();

    private static boolean loaded;

    private LibTorch() {}

    /**
     * Loads the natives if that has not happened yet.
     *
     * @throws InputException when they are not here, or the JVM or the machine does not take them
     */
    public static synchronized void load() {
        if (!loaded) {
            Platform.requireNatives();
            unpackAndLoad();
            loaded = true;
        }
    }

    /** @throws IllegalStateException on a virtual thread */
    static void requirePlatformThread() {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException(
                    "tensors need a platform thread, since libtorch keeps state per native thread:"
                            + " call this by Thread.ofPlatform() or in a pool of platform threads");
        }
    }

    /** Which library computes matrix products: {@code mkl} or {@code openblas}. */
    public static String blas() {
        load();
        return MKL ? "mkl" : "openblas";
    }

    /** Threads of one operator. */
    public static int threads() {
        load();
        return torch.get_num_threads();
    }

    /** Sets the threads of one operator, element-wise work and matrix products alike. */
    public static void threads(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1: " + threads);
        }
        load();
        torch.set_num_threads(threads);
        if (MKL) {
            call(withInt(ofMkl(), "MKL_Set_Num_Threads"), threads);
        }
    }

    /** Seeds libtorch's own generators (dropout); creation of random tensors takes its own seed. */
    public static void manualSeed(long seed) {
        load();
        torch.manual_seed(seed);
    }

    public static boolean cudaIsAvailable() {
        load();
        return torch.cuda_is_available();
    }

    /** Native objects that are alive in this process; constant over the steps of a loop that leaks nothing. */
    public static long liveHandles() {
        return Pointer.totalCount();
    }

    /** Must run before any JavaCPP class is initialised: it reads these properties once. */
    private static boolean configure() {
        // JavaCPP would refuse to allocate when the process, page cache included, is larger than 4 x Xmx.
        setIfAbsent("org.bytedeco.javacpp.maxBytes", "0");
        setIfAbsent("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        if (!System.getProperty("os.name", "").startsWith("Windows")) {
            sleepWhileIdle();
            forGpus();
        }
        if (Platform.hasMkl() && !System.getProperty("cogent.mkl", "on").equals("off")) {
            setIfAbsent("org.bytedeco.openblas.load", "mkl_rt");
        }
        return System.getProperty("org.bytedeco.openblas.load", "").startsWith("mkl");
    }

    private static void setIfAbsent(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /**
     * Lets the idle threads of an operator sleep soon instead of spin for long; what the user has set stays. Spinning
     * threads keep each other from working where the cores have other work too, those that sleep at once are late for the
     * next operator: see docs/decisions/training.md. The OpenMP runtimes read the environment when they are loaded.
     */
    private static void sleepWhileIdle() {
        boolean chosen = System.getenv("OMP_WAIT_POLICY") != null;
        EnvironmentVariables.setIfAbsent("OMP_WAIT_POLICY", "passive");
        if (!chosen) {
            EnvironmentVariables.setIfAbsent("GOMP_SPINCOUNT", "10000");
        }
    }

    /**
     * Memory in segments that grow, so that ever new lengths leave no holes between them; and room for cuBLAS that does not
     * change from call to call, which {@link Numerics#deterministic} needs.
     */
    private static void forGpus() {
        EnvironmentVariables.setIfAbsent("PYTORCH_ALLOC_CONF", "expandable_segments:True");
        EnvironmentVariables.setIfAbsent("CUBLAS_WORKSPACE_CONFIG", ":4096:8");
    }

    /**
     * Unpacks all natives before the first is loaded: JavaCPP unpacks one by one while it loads, and libtorch.so
     * crashes when libtorch_cpu.so is not there yet. The file lock keeps processes that start at once apart.
     */
    private static void unpackAndLoad() {
        try {
            Path lock = Loader.getCacheDir().toPath().resolve(".cogent.lock");
            Uninterrupted.run(() -> {
                try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                        var _ = channel.lock()) {
                    unpack("org.bytedeco.openblas.global.openblas", "/org/bytedeco/openblas/" + PLATFORM + "/");
                    unpack("org.bytedeco.pytorch.global.torch", ofTorch(""));
                    Loader.load(torch.class);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack libtorch's native libraries: " + e.getMessage(), e);
        } catch (LinkageError e) {
            throw NativeLibraries.refused("libtorch", e);
        }
        // cuDNN plans anew for every new shape, which takes hundreds of times as long as the attention itself
        torch.globalContext().setSDPUseCuDNN(false);
        if (!MKL) {
            // Its own threads fight with libtorch's: two threads are then slower than one.
            call(withInt(ofOpenblas("libopenblas.so.0"), "openblas_set_num_threads"), 1);
        }
    }

    private static void unpack(String owner, String folder) throws IOException {
        try {
            Class<?> uninitialised = Class.forName(owner, false, LibTorch.class.getClassLoader());
            Loader.cacheResources(uninitialised, folder);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("libtorch's Java classes are missing from the class path", e);
        }
    }

    /**
     * A function of one number in a native library that lies in a jar; one that does nothing where the platform's jar
     * has no such library.
     */
    static MethodHandle withInt(String resource, String symbol) {
        Path file = unpacked(resource);
        if (file == null) {
            return MethodHandles.empty(MethodType.methodType(void.class, int.class));
        }
        var address = SymbolLookup.libraryLookup(file, Arena.global()).findOrThrow(symbol);
        return Linker.nativeLinker().downcallHandle(address, FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));
    }

    /** The file of a native library that lies in a jar; none where the platform's jar has no such library. */
    static @Nullable Path unpacked(String resource) {
        try {
            var file = Loader.cacheResource(LibTorch.class, resource);
            return file == null ? null : file.toPath();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack " + resource + ": " + e.getMessage(), e);
        }
    }

    static void call(MethodHandle function, int n) {
        try {
            function.invokeExact(n);
        } catch (Throwable e) {
            throw new IllegalStateException("cannot set a number of threads", e);
        }
    }

    /** The resource of a library beside libtorch's own. */
    static String ofTorch(String library) {
        return "/org/bytedeco/pytorch/" + TORCH + "/" + library;
    }

    /** The resource of a library beside OpenBLAS. */
    static String ofOpenblas(String library) {
        return "/org/bytedeco/openblas/" + PLATFORM + "/" + library;
    }

    static String ofMkl() {
        return "/org/bytedeco/mkl/" + PLATFORM + "/libmkl_rt.so.2";
    }
}
