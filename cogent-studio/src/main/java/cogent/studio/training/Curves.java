package cogent.studio.training;

import cogent.pipeline.RunStatus;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.MetricPoint;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.StageMetrics;
import cogent.report.Report;
import cogent.report.chart.Curve;
import cogent.report.chart.LineChart;
import cogent.report.chart.LineChart.Line;
import cogent.studio.http.RefusedRequest;
import cogent.studio.http.Reply;
import cogent.studio.http.Request;
import cogent.studio.run.RunFolder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The curves that an address asks for, {@code metric} of each training {@code of}, a {@code run/stage}: as JSON to draw, as CSV,
 * and as SVG in the report's style.
 */
public record Curves(RunFolder folder) {
    private static final int MOST = 64;

    private record Asked(Plot plot, List<Line> lines) {}

    private Asked asked(Request request) {
        List<String> metrics = List.of(request.query("metric").split(",", -1));
        List<String> trainings = request.query().getOrDefault("of", List.of());
        if (metrics.size() * trainings.size() > MOST) {
            throw new RefusedRequest(400, "no more than " + MOST + " curves in one picture");
        }
        List<Line> lines = new ArrayList<>();
        for (String training : trainings) {
            int slash = training.lastIndexOf('/');
            if (slash < 0) {
                throw new RefusedRequest(400, "a training is asked for as run/stage, not " + training);
            }
            RunDirectory run = folder.run(training.substring(0, slash));
            String stage = training.substring(slash + 1);
            if (!stage.matches("[a-z-]+")) {
                throw RefusedRequest.notFound("there is no training " + training);
            }
            Map<String, List<MetricPoint>> logged = StageMetrics.of(run.metrics(stage));
            for (String metric : metrics) {
                List<MetricPoint> points = Curve.inOrder(logged.getOrDefault(metric, List.of()));
                if (!points.isEmpty()) {
                    lines.add(new Line(name(training, stage, metric, metrics, trainings), lines.size(), points));
                }
            }
        }
        return new Asked(Plot.named(metrics), lines);
    }

    /** What tells a curve from the others of its picture. */
    private static String name(
            String training, String stage, String metric, List<String> metrics, List<String> trainings) {
        String of = trainings.size() == 1 ? stage : training;
        String last = metric.substring(metric.lastIndexOf('/') + 1);
        return metrics.size() == 1 ? of : trainings.size() == 1 ? last : of + " " + last;
    }

    /** {@code {"log", "unit", "steps": […], "series": [{"name", "values": […]}]}}; null where a curve has no value. */
    public Reply json(Request request) {
        Asked asked = asked(request);
        long[] steps = steps(asked);
        ObjectNode json = JsonMapper.shared()
                .createObjectNode()
                .put("log", asked.plot().scale() == LineChart.Scale.LOG)
                .put("exact", asked.plot().scale() == LineChart.Scale.SETTING)
                .put("unit", asked.plot().unit());
        ArrayNode at = json.putArray("steps");
        LongStream.of(steps).forEach(at::add);
        ArrayNode series = json.putArray("series");
        for (Line line : asked.lines()) {
            Double[] values = new Double[steps.length];
            line.points().forEach(p -> values[Arrays.binarySearch(steps, p.step())] = p.isFinite() ? p.value() : null);
            ArrayNode numbers = series.addObject().put("name", line.name()).putArray("values");
            for (Double value : values) {
                numbers.add(value);
            }
        }
        return Reply.text("application/json", json.toString());
    }

    private static long[] steps(Asked asked) {
        return asked.lines().stream()
                .flatMap(line -> line.points().stream())
                .mapToLong(MetricPoint::step)
                .sorted()
                .distinct()
                .toArray();
    }

    /** A row for each step, a column for each curve. */
    public Reply csv(Request request) {
        Asked asked = asked(request);
        long[] steps = steps(asked);
        String[][] cells = new String[steps.length][asked.lines().size()];
        for (int i = 0; i < asked.lines().size(); i++) {
            for (MetricPoint p : asked.lines().get(i).points()) {
                cells[Arrays.binarySearch(steps, p.step())][i] = String.valueOf(p.value());
            }
        }
        StringBuilder csv = new StringBuilder("step");
        asked.lines().forEach(line -> csv.append(',').append(quoted(line.name())));
        for (int row = 0; row < steps.length; row++) {
            csv.append('\n').append(steps[row]);
            for (String cell : cells[row]) {
                csv.append(',').append(cell == null ? "" : cell);
            }
        }
        return file(asked, "csv", "text/csv", csv.append('\n').toString());
    }

    /** Whole, also where spreadsheets would take a name for a formula. */
    private static String quoted(String name) {
        String safe = name.matches("[=+@\\-].*") ? "'" + name : name;
        return '"' + safe.replace("\"", "\"\"") + '"';
    }

    /** The picture that the report draws, as a file of its own. */
    public Reply svg(Request request) {
        Asked asked = asked(request);
        Plot plot = asked.plot();
        String figure = new LineChart(plot.title(), plot.unit(), plot.scale(), asked.lines(), List.of()).figure();
        int begin = figure.indexOf("<svg ");
        if (begin < 0) {
            throw RefusedRequest.notFound("too few steps are logged yet to draw a curve");
        }
        int open = figure.indexOf('>', begin) + 1;
        return file(
                asked,
                "svg",
                "image/svg+xml",
                "<svg xmlns=\"http://www.w3.org/2000/svg\" " + figure.substring(begin + 5, open) + "<style>"
                        + Report.style() + "</style>" + figure.substring(open, figure.indexOf("</svg>") + 6));
    }

    private static Reply file(Asked asked, String kind, String type, String text) {
        String name = asked.plot().title().toLowerCase(Locale.ROOT).replace(' ', '-');
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Reply.download(name + "." + kind, type, out -> out.write(bytes));
    }

    /** Where a run's trainings log, those that have begun, in their order. */
    static List<String> begun(Recipe recipe, RunDirectory run) {
        return RunStatus.of(recipe, run).stages().stream()
                .filter(stage -> Files.exists(run.metrics(stage)))
                .toList();
    }
}
