package cogent.pipeline.run;

import cogent.curate.run.CurationProgress;
import cogent.llm.meter.Meter;
import cogent.train.loop.TrainingProgress;
import java.nio.file.Path;
import java.util.Optional;

/** What a stage is at, besides how far it is. */
public sealed interface StageDetail {
    /** Nothing more to say. */
    record None() implements StageDetail {}

    /** A file comes from the hub. */
    record Fetching(String file) implements StageDetail {}

    /** The small model reads the corpus before it criticises it. */
    record StudentReading(Path model) implements StageDetail {}

    /** Samples go through the agents. */
    record Curating(CurationProgress progress, Meter.Snapshot spent) implements StageDetail {}

    /** A chat model is asked. */
    record Asking(Meter.Snapshot spent) implements StageDetail {}

    /** The reference model scores the pairs, before alignment begins. */
    record ReferenceScoring() implements StageDetail {}

    record Training(TrainingProgress progress) implements StageDetail {}

    /**
     * A model answers questions.
     *
     * @param model its name in recipes
     * @param correct share of the answers so far that are right
     * @param spent what its endpoint's calls came to; empty for a model of this process
     */
    record Answering(String model, String benchmark, double correct, Optional<Meter.Snapshot> spent)
            implements StageDetail {}
}
