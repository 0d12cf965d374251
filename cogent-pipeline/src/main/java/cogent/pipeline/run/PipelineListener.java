package cogent.pipeline.run;

/** Whoever is told of a run while it goes on; called from any thread. */
@FunctionalInterface
public interface PipelineListener {
    void on(PipelineEvent event);
}
