package cogent.train.loop;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Collections;
import org.junit.jupiter.api.Assumptions;

/**
 * What malloc has handed out and not got back. Unlike resident memory it knows nothing of the Java heap, which grows and
 * shrinks by what other tests did before, nor of freed pages that the allocator holds on to.
 */
final class Malloc {
    /** {@code struct mallinfo2} of glibc 2.33 and later: ten sizes. */
    private static final StructLayout INFO = MemoryLayout.structLayout(
            Collections.nCopies(10, ValueLayout.JAVA_LONG).toArray(MemoryLayout[]::new));

    private static final int HBLKHD = 4;
    private static final int UORDBLKS = 7;

    private Malloc() {}

    /** In all arenas, and mapped one by one; the test is skipped where there is no such function. */
    static long bytes() {
        var function = Linker.nativeLinker().defaultLookup().find("mallinfo2");
        Assumptions.assumeTrue(function.isPresent(), "no mallinfo2 here");
        MethodHandle call = Linker.nativeLinker().downcallHandle(function.get(), FunctionDescriptor.of(INFO));
        try (Arena arena = Arena.ofConfined()) {
            var info = (MemorySegment) call.invokeExact((SegmentAllocator) arena);
            return info.getAtIndex(ValueLayout.JAVA_LONG, UORDBLKS) + info.getAtIndex(ValueLayout.JAVA_LONG, HBLKHD);
        } catch (Throwable e) {
            throw new IllegalStateException("cannot call mallinfo2", e);
        }
    }
}
