package cogent.mlflow;

import cogent.data.InputException;
import cogent.pipeline.run.Version;
import cogent.pipeline.track.TrackedRun;
import cogent.pipeline.track.TrackedTraining;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.mlflow.api.proto.Service.CreateRun;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowClientException;

/**
 * One training on the server. Values are sent from a thread of their own every two seconds: a server that is slow or gone holds no
 * step up, and what it missed is sent when it is back. All of them stand in the run's own metrics file anyway.
 */
final class MlflowRun implements TrackedRun {
    private static final int EVERY_SECONDS = 2;
    private static final int LAST_SECONDS = 60;

    /** What the server takes at once. */
    private static final int METRICS = 1000;

    private static final int PARAMS = 100;

    /** Longer values are refused by servers before 2.8; the recipe is among the files as a whole. */
    private static final int PARAM_CHARACTERS = 500;

    private final MlflowServer server;
    private final TrackedTraining training;
    private final String id;
    private final String artifacts;
    private final long known;
    private final Consumer<String> warn;
    private final List<Metric> waiting = new ArrayList<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("mlflow").factory());
    private boolean warned;
    private boolean finished;

    /** @param known the last step that the server has; no earlier one is sent */
    private MlflowRun(MlflowServer server, TrackedTraining training, Run run, long known, Consumer<String> warn) {
        this.server = server;
        this.training = training;
        this.id = run.getInfo().getRunId();
        this.artifacts = run.getInfo().getArtifactUri();
        this.known = known;
        this.warn = warn;
        var _ = thread.scheduleWithFixedDelay(this::send, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
    }

    /** @throws InputException when the server cannot be had */
    static MlflowRun begin(MlflowServer server, TrackedTraining training, String experiment, Consumer<String> warn) {
        try {
            MlflowLink link = MlflowLink.of(training, server.address());
            Run before = link.run().isEmpty() ? null : link.find(server.client());
            if (before != null) {
                server.client()
                        .sendPost(
                                "runs/update",
                                "{\"run_id\":\"" + before.getInfo().getRunId() + "\",\"status\":\"RUNNING\"}");
                long known = before.getData().getMetricsList().stream()
                        .mapToLong(Metric::getStep)
                        .max()
                        .orElse(0);
                return new MlflowRun(server, training, before, known, warn);
            }
            Run run = create(server.client(), training, experiment);
            link.keep(run.getInfo().getRunId());
            return new MlflowRun(server, training, run, 0, warn);
        } catch (MlflowClientException e) {
            throw new InputException(
                    "log_to: mlflow: " + server.address() + " cannot be had (" + reason(e)
                            + "). Start the server, mend tracking.mlflow, or leave mlflow out of log_to; no step was kept",
                    e);
        }
    }

    private static Run create(MlflowClient client, TrackedTraining training, String experiment) {
        String of = client.getExperimentByName(experiment)
                .map(Experiment::getExperimentId)
                .orElseGet(() -> client.createExperiment(experiment));
        CreateRun.Builder asked = CreateRun.newBuilder()
                .setExperimentId(of)
                .setStartTime(System.currentTimeMillis())
                .setRunName(training.runName() + " " + training.stage());
        Map.of(
                        "mlflow.source.name", "cogent " + Version.NUMBER,
                        "cogent.version", Version.NUMBER,
                        "cogent.run", training.runName(),
                        "cogent.stage", training.stage(),
                        "cogent.directory",
                                training.run()
                                        .root()
                                        .toAbsolutePath()
                                        .normalize()
                                        .toString())
                .forEach((key, value) ->
                        asked.addTags(RunTag.newBuilder().setKey(key).setValue(value)));
        Run run = client.getRun(client.createRun(asked.build()).getRunId());
        List<Param> params = new ArrayList<>();
        training.params()
                .forEach((key, value) -> params.add(Param.newBuilder()
                        .setKey(key)
                        .setValue(shortened(value))
                        .build()));
        for (int from = 0; from < params.size(); from += PARAMS) {
            client.logBatch(
                    run.getInfo().getRunId(),
                    List.of(),
                    params.subList(from, Math.min(params.size(), from + PARAMS)),
                    List.of());
        }
        return run;
    }

    private static String shortened(String value) {
        return value.length() <= PARAM_CHARACTERS ? value : value.substring(0, PARAM_CHARACTERS - 1) + "…";
    }

    @Override
    public synchronized void log(long step, Map<String, Double> metrics) {
        if (step <= known) {
            return;
        }
        long now = System.currentTimeMillis();
        metrics.forEach((name, value) -> {
            if (!name.equals("step")) {
                waiting.add(Metric.newBuilder()
                        .setKey(name)
                        .setValue(value)
                        .setStep(step)
                        .setTimestamp(now)
                        .build());
            }
        });
    }

    /** Sends what waits; on the one thread. */
    private void send() {
        try {
            for (List<Metric> batch = next(); !batch.isEmpty(); batch = next()) {
                server.client().logBatch(id, batch, List.of(), List.of());
                sent(batch.size());
            }
        } catch (MlflowClientException e) {
            warnOnce("mlflow: " + server.address() + " does not take metrics at the moment (" + reason(e)
                    + "). The training goes on; they stand in its metrics file and are sent again");
        }
    }

    private synchronized List<Metric> next() {
        return List.copyOf(waiting.subList(0, Math.min(METRICS, waiting.size())));
    }

    private synchronized void sent(int metrics) {
        waiting.subList(0, metrics).clear();
    }

    private synchronized int left() {
        return waiting.size();
    }

    private void warnOnce(String text) {
        if (!warned) {
            warned = true;
            warn.accept(text);
        }
    }

    @Override
    public void finish() {
        finished = true;
    }

    @Override
    public void close() {
        thread.execute(this::end);
        thread.shutdown();
        try {
            if (!thread.awaitTermination(LAST_SECONDS, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
        if (left() > 0) {
            warn.accept("mlflow: %,d values did not reach %s; they stand in %s"
                    .formatted(left(), server.address(), training.run().metrics(training.stage())));
        }
        server.client().close();
    }

    private void end() {
        send();
        try {
            if (finished) {
                new MlflowArtifacts(server, artifacts).upload(training.files());
            }
        } catch (InputException e) {
            warn.accept("mlflow: " + e.getMessage());
        }
        try {
            server.client().setTerminated(id, finished ? RunStatus.FINISHED : RunStatus.KILLED);
        } catch (MlflowClientException e) {
            warn.accept("mlflow: " + server.address() + " was not told of the end (" + reason(e) + ")");
        }
    }

    private static String reason(MlflowClientException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return String.valueOf(cause.getMessage())
                .lines()
                .findFirst()
                .orElse(e.getClass().getSimpleName());
    }
}
