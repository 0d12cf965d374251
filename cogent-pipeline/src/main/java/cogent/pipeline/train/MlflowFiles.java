package cogent.pipeline.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A run in MLflow's file store, which {@code mlflow ui --backend-store-uri FOLDER} shows: an experiment's folder with
 * {@code meta.yaml}, in it a run's with its own and one file a metric, a line a step: {@code milliseconds value step}.
 */
final class MlflowFiles implements MetricsFormat {
    private static final String EXPERIMENT = "1";

    private final Path run;
    private final String name;
    private final long started = System.currentTimeMillis();
    private final Map<String, Writer> open = new HashMap<>();

    private MlflowFiles(Path run, String name) {
        this.run = run;
        this.name = name;
    }

    /** The run of a stage, begun anew; its id depends on the names alone. */
    static MlflowFiles of(Path store, String experiment, String stage) {
        String id = UUID.nameUUIDFromBytes((experiment + "/" + stage).getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .toString()
                .replace("-", "");
        MlflowFiles files = new MlflowFiles(store.resolve(EXPERIMENT).resolve(id), stage);
        try {
            files.delete(files.run);
            for (String folder : new String[] {"metrics", "params", "tags", "artifacts"}) {
                Files.createDirectories(files.run.resolve(folder));
            }
            Path experimentFolder = store.resolve(EXPERIMENT);
            Files.writeString(experimentFolder.resolve("meta.yaml"), """
                    artifact_location: %s
                    creation_time: %d
                    experiment_id: '%s'
                    last_update_time: %d
                    lifecycle_stage: active
                    name: %s
                    """.formatted(
                            uri(experimentFolder), files.started, EXPERIMENT, files.started, quoted(experiment)));
            files.meta(1, "null");
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(files.run.toString(), e);
        }
    }

    /** @param status 1 running, 3 finished */
    private void meta(int status, String end) throws IOException {
        String id = run.getFileName().toString();
        Files.writeString(run.resolve("meta.yaml"), """
                artifact_uri: %s
                end_time: %s
                entry_point_name: ''
                experiment_id: '%s'
                lifecycle_stage: active
                run_id: %s
                run_name: %s
                run_uuid: %s
                source_name: ''
                source_type: 4
                source_version: ''
                start_time: %d
                status: %d
                tags: []
                user_id: ''
                """.formatted(
                        uri(run.resolve("artifacts")), end, EXPERIMENT, id, quoted(name), id, started, status));
    }

    @Override
    public void write(long step, Map<String, Double> metrics) {
        long now = System.currentTimeMillis();
        metrics.forEach((metric, value) -> {
            try {
                Writer to = open.get(metric);
                if (to == null) {
                    // a metric's file cannot be another's folder: rewards/margins beside rewards/margins/small
                    int slash = metric.indexOf('/');
                    Path file = run.resolve("metrics")
                            .resolve(metric.substring(0, slash + 1)
                                    + metric.substring(slash + 1).replace('/', '.'));
                    Files.createDirectories(file.getParent());
                    to = Files.newBufferedWriter(file);
                    open.put(metric, to);
                }
                to.write(now + " " + value + " " + step + "\n");
                to.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(run.toString(), e);
            }
        });
    }

    @Override
    public void close() {
        try {
            for (Writer writer : open.values()) {
                writer.close();
            }
            meta(3, String.valueOf(System.currentTimeMillis()));
        } catch (IOException e) {
            throw new UncheckedIOException(run.toString(), e);
        }
    }

    private void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path file : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static String uri(Path path) {
        return path.toAbsolutePath().normalize().toUri().toString();
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
