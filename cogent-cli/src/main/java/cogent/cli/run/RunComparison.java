package cogent.cli.run;

import cogent.cli.report.ComparisonPage;
import cogent.cli.report.ReportData;
import cogent.cli.report.ReportData.Compared;
import cogent.cli.report.ReportData.ModelResult;
import cogent.data.Count;
import cogent.data.InputException;
import cogent.eval.BenchmarkFile;
import cogent.eval.Comparison;
import cogent.eval.Evaluated;
import cogent.eval.Published;
import cogent.eval.Replicates;
import cogent.eval.Scores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The finished evaluations of several runs side by side, each against one of them on the problems that both were asked. */
public final class RunComparison {
    /**
     * What one benchmark says.
     *
     * @param byModel the evaluations by label, the baseline first
     */
    private record Contest(String benchmark, SequencedMap<String, Evaluated> byModel, List<Published> published) {
        String baseline() {
            return byModel.firstEntry().getKey();
        }

        /** The others against the baseline. */
        List<Compared> compared() {
            Evaluated baseline = byModel.firstEntry().getValue();
            return byModel.sequencedEntrySet().stream()
                    .skip(1)
                    .map(e -> new Compared(e.getKey(), baseline(), e.getValue().against(baseline)))
                    .toList();
        }
    }

    private final List<Contest> contests;

    private RunComparison(List<Contest> contests) {
        this.contests = contests;
    }

    /**
     * Reads the results files of the runs.
     *
     * @param benchmarks those to compare on; empty: all
     * @param models those to compare; empty: all
     * @param baseline a label, or as much of its end as names one model; empty: the first
     * @param figures published ones besides those of the built-in benchmarks
     * @throws InputException when nothing is there to compare
     */
    public static RunComparison of(
            List<Path> runs, List<String> benchmarks, List<String> models, String baseline, List<Published> figures) {
        Map<String, SequencedMap<String, Evaluated>> found = new TreeMap<>();
        for (Path run : runs) {
            Names called = Names.of(new RunDirectory(run));
            for (Path benchmark : folders(new RunDirectory(run).evaluation(), run)) {
                String name = String.valueOf(benchmark.getFileName());
                if (benchmarks.isEmpty() || benchmarks.contains(name)) {
                    read(benchmark, name, models, called, runs.size() > 1 ? run + " · " : "")
                            .forEach((label, evaluated) -> found.computeIfAbsent(name, _ -> new LinkedHashMap<>())
                                    .put(label, evaluated));
                }
            }
        }
        if (found.isEmpty()) {
            throw new InputException("nothing to compare: no finished evaluation in "
                    + String.join(", ", runs.stream().map(Path::toString).toList())
                    + (benchmarks.isEmpty() ? "" : " of " + String.join(", ", benchmarks))
                    + (models.isEmpty() ? "" : " for " + String.join(", ", models))
                    + ". `cogent evaluate RECIPE` makes one");
        }
        List<Contest> contests = new ArrayList<>();
        found.forEach((name, byModel) ->
                contests.add(new Contest(name, ordered(name, byModel, baseline), published(name, figures))));
        return new RunComparison(contests);
    }

    private static List<Path> folders(Path evaluation, Path run) {
        if (!Files.isDirectory(run)) {
            throw new InputException(run + ": no such run directory");
        }
        if (!Files.isDirectory(evaluation)) {
            throw new InputException(run + " holds no evaluation; `cogent evaluate RECIPE` makes one");
        }
        return list(evaluation).stream().filter(Files::isDirectory).toList();
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new InputException(folder + ": cannot be listed (" + InputException.reason(e) + ")", e);
        }
    }

    /** In the order of the training, then by name. */
    private static Map<String, Evaluated> read(
            Path folder, String benchmark, List<String> models, Names called, String prefix) {
        TreeSet<String> names = new TreeSet<>();
        for (Path file : list(folder)) {
            String name = String.valueOf(file.getFileName());
            if (name.endsWith(".jsonl")) {
                names.add(name.substring(0, name.length() - ".jsonl".length()));
            }
        }
        Map<String, Evaluated> byLabel = new LinkedHashMap<>();
        Stream.concat(EvaluateStage.OWN.stream().filter(names::contains), names.stream())
                .distinct()
                .filter(name -> models.isEmpty() || models.contains(name) || models.contains(called.of(name)))
                .forEach(name -> byLabel.put(
                        prefix + called.of(name), Evaluated.read(benchmark, folder.resolve(name + ".jsonl"))));
        return byLabel;
    }

    private static SequencedMap<String, Evaluated> ordered(
            String benchmark, SequencedMap<String, Evaluated> byModel, String baseline) {
        if (baseline.isEmpty()) {
            return byModel;
        }
        List<String> named = byModel.keySet().stream()
                .filter(label -> label.startsWith(baseline + " · ")
                        || label.equals(baseline)
                        || Names.means(baseline, label.replaceFirst(".* · ", "")))
                .toList();
        if (named.size() != 1) {
            throw new InputException("--baseline " + baseline + ": names " + (named.isEmpty() ? "none" : "several")
                    + " of what was evaluated on " + benchmark + ": " + String.join(", ", byModel.keySet()));
        }
        SequencedMap<String, Evaluated> ordered = new LinkedHashMap<>(byModel);
        ordered.putFirst(named.getFirst(), Objects.requireNonNull(byModel.get(named.getFirst())));
        return ordered;
    }

    private static List<Published> published(String benchmark, List<Published> figures) {
        return Stream.concat(
                        BenchmarkFile.BUILT_IN.contains(benchmark)
                                ? BenchmarkFile.load(benchmark).published().stream()
                                : Stream.of(),
                        figures.stream().filter(figure -> figure.benchmark().equals(benchmark)))
                .toList();
    }

    /** The table for the terminal. */
    public String text() {
        StringBuilder text = new StringBuilder();
        contests.forEach(contest -> table(contest, text));
        return text.append(
                        " Differences are paired by problem, in points, with bootstrap 95 % intervals; p by exact McNemar where"
                                + " each problem\n was asked once, else by sign-flip permutation; corrected: by Holm, for the"
                                + " comparisons of a benchmark.\n")
                .toString();
    }

    private static void table(Contest contest, StringBuilder text) {
        int width = Stream.concat(
                        contest.byModel().keySet().stream(),
                        contest.published().stream().map(Published::model))
                .mapToInt(String::length)
                .max()
                .orElse(0);
        Map<String, String> differences = differences(contest);
        text.append(String.format(
                Locale.ROOT,
                "%n %-" + (width + 2) + "s %8s %7s %9s   %-13s   against %s%n",
                contest.benchmark(),
                "problems",
                "samples",
                "correct",
                "95 % interval",
                contest.baseline()));
        contest.byModel().forEach((label, evaluated) -> {
            Scores scores = evaluated.scores();
            text.append(String.format(
                    Locale.ROOT,
                    "   %-" + width + "s %8d %7d %7.1f %%   %5.1f – %5.1f   %s%n",
                    label,
                    scores.problems().size(),
                    scores.samplesEach(),
                    100 * scores.accuracy(),
                    100 * scores.interval().low(),
                    100 * scores.interval().high(),
                    differences.getOrDefault(label, "")));
        });
        if (!contest.published().isEmpty()) {
            text.append("   published\n");
            contest.published()
                    .forEach(figure -> text.append(String.format(
                            Locale.ROOT,
                            "   %-" + width + "s %8s %7s %7.1f %%   %s%n",
                            figure.model(),
                            "",
                            "",
                            figure.accuracy(),
                            figure.source())));
        }
        text.append('\n');
    }

    private static Map<String, String> differences(Contest contest) {
        List<Compared> all = contest.compared();
        double[] corrected = Replicates.holm(
                all.stream().mapToDouble(c -> c.comparison().pValue()).toArray());
        Map<String, String> said = new HashMap<>();
        for (int i = 0; i < corrected.length; i++) {
            Comparison c = all.get(i).comparison();
            boolean whole = Stream.of(all.get(i).model(), contest.baseline())
                    .map(contest.byModel()::get)
                    .allMatch(e -> e.scores().problems().size() == c.n());
            said.put(
                    all.get(i).model(),
                    String.format(
                            Locale.ROOT,
                            "%+.1f (%+.1f to %+.1f), %s%s, better on %d, worse on %d%s",
                            100 * c.difference(),
                            100 * c.interval().low(),
                            100 * c.interval().high(),
                            Results.pValue(c.pValue()),
                            corrected.length == 1
                                    ? ""
                                    : " (corrected "
                                            + Results.pValue(corrected[i])
                                                    .substring(2)
                                                    .replace("= ", "") + ")",
                            c.gained(),
                            c.lost(),
                            whole ? "" : " of " + c.n() + " in common"));
        }
        return said;
    }

    /** The same for the page. */
    public List<ComparisonPage.Contest> contests() {
        return contests.stream().map(RunComparison::contest).toList();
    }

    private static ComparisonPage.Contest contest(Contest contest) {
        List<ModelResult> results = new ArrayList<>();
        contest.byModel().forEach((label, evaluated) -> {
            Scores scores = evaluated.scores();
            results.add(new ModelResult(
                    label,
                    scores.right(),
                    scores.samples(),
                    scores.interval(),
                    scores.meanTokens(),
                    scores.truncated(),
                    scores.unstated()));
        });
        ReportData.Benchmark benchmark = new ReportData.Benchmark(
                contest.benchmark(), decoding(contest), results, contest.compared(), List.of(), List.of());
        return new ComparisonPage.Contest(benchmark, contest.published());
    }

    private static String decoding(Contest contest) {
        return contest.byModel().values().stream()
                .map(e -> Count.of(e.scores().problems().size(), "problem") + " × "
                        + e.scores().samplesEach())
                .distinct()
                .collect(Collectors.joining(", "));
    }
}
