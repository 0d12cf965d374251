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
 * @param meaning what the curve tells, in words; empty of metrics that are not known
 */
record Plot(String title, String unit, String meaning, Scale scale, List<String> metrics) {
    /** Those that people look for first. */
    private static final List<Plot> KNOWN = List.of(
            new Plot(
                    "Loss",
                    "nats a token, or the objective's own",
                    "How improbable the model finds what it is trained on. It falls and flattens; a held-out loss that rises meanwhile means learning by heart. DPO's and CogPO's begin at ln 2 = 0.69.",
                    Scale.LOG,
                    List.of("loss", "eval_loss")),
            gaps(
                    "Reward margins",
                    "β · log-ratio, without a reference β · log-probability",
                    "How much further than its reference, where the objective has one, the model prefers the chosen side. It should rise, against a reference above 0 in every gap; what stays where it began is not learnt.",
                    Scale.LINEAR,
                    "rewards/margins"),
            gaps(
                    "Reward accuracies",
                    "share of pairs ordered rightly",
                    "How often the chosen side gained more than the rejected one. 0.5 is chance; near 1 there is nothing left to learn from these pairs.",
                    Scale.SHARE,
                    "rewards/accuracies"),
            new Plot(
                    "Rewards",
                    "β · log-ratio, without a reference β · log-probability",
                    "Both sides, against the reference where the objective has one. Both may sink, as long as the rejected one sinks faster; a chosen one that sinks far is unlearnt.",
                    Scale.LINEAR,
                    List.of("rewards/chosen", "rewards/rejected")),
            new Plot(
                    "Log-probabilities of the completions",
                    "nats per completion",
                    "How probable the model finds each side as a whole: longer texts lie lower.",
                    Scale.LINEAR,
                    List.of("logps/chosen", "logps/rejected")),
            new Plot(
                    "Divergence from the reference",
                    "nats",
                    "What KTO measures the sides against: how far the model has gone from its reference, estimated from completions of other prompts; 0 where the estimate is negative.",
                    Scale.LINEAR,
                    List.of("kl", "eval_kl")),
            new Plot(
                    "Entropy",
                    "nats a token",
                    "How undecided the student is while it answers. One that sinks towards 0 says the same each time.",
                    Scale.LINEAR,
                    List.of("entropy")),
            new Plot(
                    "Length of a reply",
                    "tokens",
                    "Of the student's own replies; those that max_new_tokens ends count with what they have.",
                    Scale.LINEAR,
                    List.of("completions/mean_length")),
            new Plot(
                    "Replies without an end",
                    "share",
                    "Replies that had no room to end. Many of them learn little of where to stop: raise max_new_tokens.",
                    Scale.SHARE,
                    List.of("completions/clipped_ratio")),
            new Plot(
                    "Token accuracy",
                    "share",
                    "How often the likeliest next token is the one that comes.",
                    Scale.SHARE,
                    List.of("mean_token_accuracy", "eval_mean_token_accuracy")),
            new Plot(
                    "Gradient norm",
                    "before clipping",
                    "How steep the step is. Single spikes are clipped and harmless; a rise that stays precedes divergence.",
                    Scale.LOG,
                    List.of("grad_norm")),
            new Plot(
                    "Learning rate",
                    "",
                    "As the schedule has it: up in the warm-up, then down.",
                    Scale.SETTING,
                    List.of("learning_rate")),
            new Plot(
                    "Speed",
                    "tokens a second",
                    "Falls where rows are longer, or where the machine does something else.",
                    Scale.LINEAR,
                    List.of("tokens_per_second")),
            new Plot(
                    "Memory",
                    "MiB",
                    "Of this process. A rise without end is a fault.",
                    Scale.LINEAR,
                    List.of("memory_mib", "memory_peak_mib")));

    /** What counts on and is no curve to look at, and each gap's own part of what is drawn over all. */
    private static final String UNDRAWN = "step|epoch|num_tokens|rewards/(chosen|rejected)/.*";

    private static Plot gaps(String title, String unit, String meaning, Scale scale, String metric) {
        return new Plot(
                title, unit, meaning, scale, List.of(metric, metric + "/small", metric + "/medium", metric + "/large"));
    }

    /** The plots of what a training logged: the known ones, then one for each metric besides. */
    static List<Plot> of(Set<String> logged) {
        Set<String> others = new TreeSet<>(logged);
        KNOWN.forEach(plot -> plot.metrics.forEach(others::remove));
        return Stream.concat(
                        KNOWN.stream().map(plot -> plot.only(logged)).filter(plot -> !plot.metrics.isEmpty()),
                        others.stream()
                                .filter(name -> !name.matches(UNDRAWN))
                                .map(name -> new Plot(name, "", "", Scale.LINEAR, List.of(name))))
                .toList();
    }

    /** Where a metric is there for each gap, these are drawn and not their mean. */
    private Plot only(Set<String> logged) {
        List<String> there = metrics.stream().filter(logged::contains).toList();
        boolean gaps = there.stream().anyMatch(name -> name.endsWith("/small"));
        return new Plot(
                title, unit, meaning, scale, gaps ? there.stream().skip(1).toList() : there);
    }

    /** The one that draws exactly these. */
    static Plot named(List<String> metrics) {
        return KNOWN.stream()
                .filter(plot -> plot.metrics.containsAll(metrics))
                .findFirst()
                .map(plot -> new Plot(plot.title, plot.unit, plot.meaning, plot.scale, metrics))
                .orElseGet(() -> new Plot(String.join(", ", metrics), "", "", Scale.LINEAR, metrics));
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
