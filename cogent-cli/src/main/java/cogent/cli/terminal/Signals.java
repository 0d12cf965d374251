package cogent.cli.terminal;

import cogent.pipeline.run.StopRequest;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Ctrl-C asks the running work to stop; a second one ends the process at once. Everything durable is on disk at any moment,
 * so the second is safe too.
 */
public final class Signals {
    private static final int INTERRUPTED = 130;
    /** By signal: 128 and its number, as shells have it. */
    private static final Map<String, Integer> EXIT_CODES = Map.of("INT", INTERRUPTED, "TERM", 143);

    private static volatile int exitCode = INTERRUPTED;

    private Signals() {}

    /**
     * Takes over SIGINT and SIGTERM for this process.
     *
     * @param told hears that the process was asked to stop
     */
    public static StopRequest handled(Consumer<String> told) {
        StopRequest stop = new StopRequest();
        EXIT_CODES.forEach((signal, code) -> on(signal, () -> received(code, stop, told)));
        return stop;
    }

    /** Exit code of a command that was stopped, by the signal that did it: 130 after Ctrl-C, 143 after SIGTERM. */
    public static int exitCode() {
        return exitCode;
    }

    /** Whether it was SIGINT, which a terminal sends to all of its processes. */
    static boolean wasCtrlC() {
        return exitCode == INTERRUPTED;
    }

    /** Whether a process with this exit code was stopped so. */
    static boolean isStopped(int code) {
        return EXIT_CODES.containsValue(code);
    }

    private static synchronized void received(int code, StopRequest stop, Consumer<String> told) {
        exitCode = code;
        if (stop.asked()) {
            Runtime.getRuntime().halt(code);
        }
        stop.ask();
        told.accept("Stopping: finishing and saving what is in flight (Ctrl-C again leaves it) …");
    }

    /** By reflection: the compiler warns of sun.misc.Signal and cannot be told not to; the JDK has no other way. */
    static void on(String name, Runnable received) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        received.run();
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException e) {
            // no such signal here (e.g. Windows): the JVM's own handling stays, and a rerun continues all the same
        }
    }
}
