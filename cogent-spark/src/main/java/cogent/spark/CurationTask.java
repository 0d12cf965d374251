package cogent.spark;

import cogent.data.Sha256;
import cogent.pipeline.curate.SampleCuration;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.util.TaskCompletionListener;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A partition's rows as JSON, curated many at a time and handed on in their order. */
final class CurationTask implements MapPartitionsFunction<String, String> {
    private static final long serialVersionUID = 1L;

    private final String recipe;

    CurationTask(String recipe) {
        this.recipe = recipe;
    }

    @Override
    public Iterator<String> call(Iterator<String> rows) {
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        TaskCompletionListener end = _ -> threads.shutdownNow();
        TaskContext.get().addTaskCompletionListener(end);
        return new Curated(rows, OpenCurations.of(recipe), threads);
    }

    private record Curated(
            Iterator<String> rows, SampleCuration curation, ExecutorService threads, Queue<Future<String>> begun)
            implements Iterator<String> {
        Curated(Iterator<String> rows, SampleCuration curation, ExecutorService threads) {
            this(rows, curation, threads, new ArrayDeque<>());
        }

        @Override
        public boolean hasNext() {
            return !begun.isEmpty() || rows.hasNext();
        }

        @Override
        public String next() {
            while (begun.size() < curation.inFlight() && rows.hasNext()) {
                String row = rows.next();
                begun.add(threads.submit(() -> curated(row)));
            }
            if (begun.isEmpty()) {
                throw new NoSuchElementException();
            }
            try {
                return begun.remove().get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("the task was stopped", e);
            }
        }

        private String curated(String json) {
            ObjectNode fields = (ObjectNode) JsonMapper.shared().readTree(json);
            String id = "row-" + Sha256.hex(json).substring(0, 12);
            return CuratedRow.json(curation.curate(new cogent.data.file.Row(Path.of("DataFrame"), 0, fields), id));
        }
    }
}
