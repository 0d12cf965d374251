package cogent.cli.terminal;

import cogent.pipeline.run.StopRequest;
import java.lang.reflect.Proxy;

/**
 * Ctrl-C asks the running work to stop; a second one ends the process at once. Everything durable is on disk at any moment,
 * so the second is safe too.
 */
public final class Signals {
    /** Exit code of a command that was stopped. */
    public static final int EXIT_CODE = 130;

    private Signals() {}

    /** Takes over SIGINT and SIGTERM for this process. */
    public static StopRequest handled() {
        StopRequest stop = new StopRequest();
        handle("INT", stop);
        handle("TERM", stop);
        return stop;
    }

    private static synchronized void received(StopRequest stop) {
        if (stop.asked()) {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
        System.err.println("\nStopping: finishing and saving what is in flight (Ctrl-C again leaves it) …");
        stop.ask();
    }

    /** By reflection: the compiler warns of sun.misc.Signal and cannot be told not to; the JDK has no other way. */
    private static void handle(String name, StopRequest stop) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        received(stop);
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException e) {
            // no such signal here (e.g. Windows): the JVM's own handling stays, and a rerun continues all the same
        }
    }
}
