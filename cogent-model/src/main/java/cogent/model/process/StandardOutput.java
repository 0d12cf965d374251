package cogent.model.process;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.function.Supplier;

/** Standard output is for results: native libraries that chat there are not heard. */
public final class StandardOutput {
    private static final int OUT = 1;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final MethodHandle CREAT = function("creat", FunctionDescriptor.of(INT, ValueLayout.ADDRESS, INT));
    private static final MethodHandle DUP = function("dup", FunctionDescriptor.of(INT, INT));
    private static final MethodHandle DUP2 = function("dup2", FunctionDescriptor.of(INT, INT, INT));
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(INT, INT));
    private static final MethodHandle FLUSH = function("fflush", FunctionDescriptor.of(INT, ValueLayout.ADDRESS));

    private StandardOutput() {}

    /** Does the work while nothing that the process prints to standard output, from whatever thread, arrives. */
    public static <T> T spared(Supplier<T> work) {
        try (Arena arena = Arena.ofConfined()) {
            int kept = (int) DUP.invokeExact(OUT);
            int nowhere = (int) CREAT.invokeExact(arena.allocateFrom("/dev/null"), 0);
            int _ = (int) DUP2.invokeExact(nowhere, OUT);
            try {
                return work.get();
            } finally {
                int _ = (int) FLUSH.invokeExact(MemorySegment.NULL); // what the C library holds of it
                int _ = (int) DUP2.invokeExact(kept, OUT);
                int _ = (int) CLOSE.invokeExact(kept);
                int _ = (int) CLOSE.invokeExact(nowhere);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("cannot turn standard output away", e);
        }
    }

    private static MethodHandle function(String name, FunctionDescriptor signature) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), signature);
    }
}
