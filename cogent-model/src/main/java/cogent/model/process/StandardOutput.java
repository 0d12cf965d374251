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

    private static int sparing;
    private static int kept;

    /** Does the work while nothing that the process prints to standard output, from whatever thread, arrives. */
    public static <T> T spared(Supplier<T> work) {
        turnAway();
        try {
            return work.get();
        } finally {
            turnBack();
        }
    }

    /** Only the first of several threads finds the real one. */
    private static synchronized void turnAway() {
        if (sparing++ == 0) {
            try (Arena arena = Arena.ofConfined()) {
                kept = (int) DUP.invokeExact(OUT);
                int nowhere = (int) CREAT.invokeExact(arena.allocateFrom("/dev/null"), 0);
                int _ = (int) DUP2.invokeExact(nowhere, OUT);
                int _ = (int) CLOSE.invokeExact(nowhere);
            } catch (Throwable e) {
                throw new IllegalStateException("cannot turn standard output away", e);
            }
        }
    }

    private static synchronized void turnBack() {
        if (--sparing == 0) {
            try {
                int _ = (int) FLUSH.invokeExact(MemorySegment.NULL); // what the C library holds of it
                int _ = (int) DUP2.invokeExact(kept, OUT);
                int _ = (int) CLOSE.invokeExact(kept);
            } catch (Throwable e) {
                throw new IllegalStateException("cannot turn standard output back", e);
            }
        }
    }

    private static MethodHandle function(String name, FunctionDescriptor signature) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), signature);
    }
}
