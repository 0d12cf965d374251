package cogent.spark;

import cogent.pipeline.curate.SampleCuration;
import cogent.pipeline.recipe.RecipeReader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** One curation for each recipe in an executor: all its tasks together are one of the processes on the store. */
final class OpenCurations {
    private static final ConcurrentMap<String, SampleCuration> OPEN = new ConcurrentHashMap<>();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> OPEN.values().forEach(SampleCuration::close), "close curations"));
    }

    private OpenCurations() {}

    static SampleCuration of(String recipe) {
        return OPEN.computeIfAbsent(recipe, yaml -> SampleCuration.join(RecipeReader.ofYaml(yaml)));
    }
}
