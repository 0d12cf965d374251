package cogent.pipeline.run;

import java.time.Duration;
import java.util.List;

/** What the user sees of long work. Called from any thread. */
public interface Progress {
    /**
     * Work has come so far.
     *
     * @param total 0 when it is not known
     * @param detail what else to say: loss, tokens, cost
     */
    void update(String stage, long done, long total, String unit, String detail);

    /**
     * The same with what makes it up, such as the use of each agent.
     *
     * @param parts a line each; the last is their sum
     */
    default void update(String stage, long done, long total, String unit, String detail, List<String> parts) {
        update(stage, done, total, unit, detail + "  " + sum(parts));
    }

    /** The last of the parts as the end of a line. */
    static String sum(List<String> parts) {
        return parts.getLast().strip().replaceAll(" {2,}", " ");
    }

    /** A stage is done: its lasting line. */
    void done(String stage, String result, Duration took);

    /** A lasting line of its own. */
    void say(String text);

    /** Nothing more is done, whatever ended the run; its directory is still held. */
    default void ended() {}
}
