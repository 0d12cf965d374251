package cogent.model.process;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** The process's environment as native libraries read it when they are loaded; what the user has set stays. */
public final class EnvironmentVariables {
    private static final MethodHandle SETENV = setenv();

    private EnvironmentVariables() {}

    /** Sets a variable unless it is set. */
    public static void setIfAbsent(String name, String value) {
        try (Arena arena = Arena.ofConfined()) {
            int _ = (int) SETENV.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 0);
        } catch (Throwable e) {
            throw new IllegalStateException("cannot call setenv", e);
        }
    }

    private static MethodHandle setenv() {
        Linker linker = Linker.nativeLinker();
        var signature = FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
        return linker.downcallHandle(linker.defaultLookup().findOrThrow("setenv"), signature);
    }
}
