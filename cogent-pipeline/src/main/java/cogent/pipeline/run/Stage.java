package cogent.pipeline.run;

import cogent.pipeline.result.StageResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * One stage: a function of its input files and its part of the recipe. Stages know files, never each other. A stage
 * that was cut off continues where it was when it is run again.
 */
public interface Stage {
    /** Its name in messages, manifests and metrics. */
    String name();

    /** The settings on which its outputs depend. */
    JsonNode settings();

    /** Files or folders it reads. */
    List<Path> inputs();

    /** Files or folders it leaves. */
    List<Path> outputs();

    /** What a finished run of it left open, for which the same command runs it again; empty when nothing. */
    default Optional<String> leftOpen() {
        return Optional.empty();
    }

    /**
     * Looks at what it will need besides its inputs, before the first stage begins.
     *
     * @throws cogent.data.InputException when the user has to mend something
     */
    default void check() {}

    /**
     * Does the work.
     *
     * @return what it came to, which its manifest keeps
     * @throws StoppedException when it was asked to stop; what was done so far is kept
     * @throws UnfinishedException when it ends without its outputs because of something else than a failure
     */
    StageResult run(StageContext context);

    /** Whether the other ranks {@link #help} when the first one runs it. */
    default boolean isParallel() {
        return false;
    }

    /**
     * What a rank beside the first does of it.
     *
     * @throws StoppedException when any rank was asked to stop
     */
    default void help(StageContext context) {
        StageResult _ = run(context);
    }

    /** Removes what only an unfinished stage needs; called once its outputs and manifest are safe. */
    default void settle() {}
}
