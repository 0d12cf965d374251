package cogent.pipeline.run;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The wish that long work end soon, with everything so far saved: the caller asks once, from any thread, and whoever works
 * looks now and then.
 */
public final class StopRequest {
    private final List<Runnable> actions = new CopyOnWriteArrayList<>();
    private volatile boolean asked;

    /** Asks; a second time changes nothing. */
    public void ask() {
        if (!asked) {
            asked = true;
            actions.forEach(Runnable::run);
        }
    }

    /** Whether somebody asked. */
    public boolean asked() {
        return asked;
    }

    /** Has something done as soon as somebody asks; at once where that was before. */
    public void whenAsked(Runnable action) {
        actions.add(action);
        if (asked) {
            action.run();
        }
    }
}
