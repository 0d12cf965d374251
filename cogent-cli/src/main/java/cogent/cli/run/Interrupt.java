package cogent.cli.run;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/**
 * Ctrl-C asks the running stage to park; a second one ends the process at once. Everything durable is on disk at any
 * moment, so the second is safe too.
 */
public final class Interrupt implements BooleanSupplier {
    /** Exit code of a run that was interrupted. */
    public static final int EXIT_CODE = 130;

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean asked;

    /** Takes over SIGINT and SIGTERM for this process. */
    public void install() {
        handle("INT");
        handle("TERM");
    }

    /** Whether the user asked to stop. */
    @Override
    public boolean getAsBoolean() {
        return asked;
    }

    /** Has something done as soon as the user asks to stop; at once where that was before. */
    public void whenAsked(Runnable action) {
        listeners.add(action);
        if (asked) {
            action.run();
        }
    }

    private void received() {
        if (asked) {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
        asked = true;
        System.err.println("\nStopping: finishing and saving what is in flight (Ctrl-C again leaves it) …");
        listeners.forEach(Runnable::run);
    }

    /** By reflection: the compiler warns of sun.misc.Signal and cannot be told not to; the JDK has no other way. */
    private void handle(String name) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        received();
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException e) {
            // no such signal here (e.g. Windows): the JVM's own handling stays, and a rerun continues all the same
        }
    }
}
