package cogent.studio.training;

import cogent.report.chart.LineChart.Scale;
import cogent.studio.html.Url;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Metrics that are drawn together.
 *
 * @param unit of the vertical axis
 */
record Plot(String title, String unit, Scale scale, List<String> metrics) {
    /** Those that people look for first. */
    private static final List<Plot> KNOWN = List.of(
            new Plot("Loss", "loss", Scale.LOG, List.of("loss", "eval_loss")),
            gaps("Reward margins", "β · log-ratio", Scale.LINEAR, "rewards/margins"),
            gaps("Reward accuracies", "share of pairs ordered rightly", Scale.SHARE, "rewards/accuracies"),
            new Plot("Rewards", "β · log-ratio", Scale.LINEAR, List.of("rewards/chosen", "rewards/rejected")),
            new Plot(
                    "Log-probabilities of the completions",
                    "nats per completion",
                    Scale.LINEAR,
                    List.of("logps/chosen", "logps/rejected")),
            new Plot(
                    "Token accuracy", "share", Scale.SHARE, List.of("mean_token_accuracy", "eval_mean_token_accuracy")),
            new Plot("Gradient norm", "before clipping", Scale.LOG, List.of("grad_norm")),
            new Plot("Learning rate", "", Scale.SETTING, List.of("learning_rate")),
            new Plot("Speed", "tokens a second", Scale.LINEAR, List.of("tokens_per_second")),
            new Plot("Memory", "MiB", Scale.LINEAR, List.of("memory_mib", "memory_peak_mib")));

    /** What counts on and is no curve to look at, and each gap's own part of what is drawn over all. */
    private static final String UNDRAWN = "step|epoch|num_tokens|rewards/(chosen|rejected)/.*";

    private static Plot gaps(String title, String unit, Scale scale, String metric) {
        return new Plot(title, unit, scale, List.of(metric, metric + "/small", metric + "/medium", metric + "/large"));
    }

    /** The plots of what a training logged: the known ones, then one for each metric besides. */
    static List<Plot> of(Set<String> logged) {
        Set<String> others = new TreeSet<>(logged);
        KNOWN.forEach(plot -> plot.metrics.forEach(others::remove));
        return Stream.concat(
                        KNOWN.stream().map(plot -> plot.only(logged)).filter(plot -> !plot.metrics.isEmpty()),
                        others.stream()
                                .filter(name -> !name.matches(UNDRAWN))
                                .map(name -> new Plot(name, "", Scale.LINEAR, List.of(name))))
                .toList();
    }

    /** Where a metric is there for each gap, these are drawn and not their mean. */
    private Plot only(Set<String> logged) {
        List<String> there = metrics.stream().filter(logged::contains).toList();
        boolean gaps = there.stream().anyMatch(name -> name.endsWith("/small"));
        return new Plot(title, unit, scale, gaps ? there.stream().skip(1).toList() : there);
    }

    /** The one that draws exactly these. */
    static Plot named(List<String> metrics) {
        return KNOWN.stream()
                .filter(plot -> plot.metrics.containsAll(metrics))
                .findFirst()
                .map(plot -> new Plot(plot.title, plot.unit, plot.scale, metrics))
                .orElseGet(() -> new Plot(String.join(", ", metrics), "", Scale.LINEAR, metrics));
    }

    /**
     * Where its curves come from.
     *
     * @param trainings as {@code run/stage}
     */
    String address(String kind, List<String> trainings) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("metric", String.join(",", metrics));
        return Url.with("/curves." + kind, query)
                + trainings.stream()
                        .map(training -> Url.with("", Map.of("of", training)).replace('?', '&'))
                        .collect(Collectors.joining());
    }
}
