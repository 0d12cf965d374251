package cogent.pipeline.evaluate;

import cogent.data.InputException;
import cogent.eval.BenchmarkFile;
import cogent.eval.Evaluated;
import cogent.eval.Published;
import cogent.pipeline.result.ModelComparison;
import cogent.pipeline.run.ModelNames;
import cogent.pipeline.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The finished evaluations of several runs side by side, each against one of them on the problems that both were asked. */
public final class RunComparison {
    /**
     * What one benchmark says.
     *
     * @param byModel the evaluations by label, the baseline first
     */
    public record Contest(String benchmark, SequencedMap<String, Evaluated> byModel, List<Published> published) {
        public String baseline() {
            return byModel.firstEntry().getKey();
        }

        /** The others against the baseline. */
        public List<ModelComparison> compared() {
            Evaluated baseline = byModel.firstEntry().getValue();
            return byModel.sequencedEntrySet().stream()
                    .skip(1)
                    .map(e -> new ModelComparison(
                            e.getKey(), baseline(), e.getValue().against(baseline)))
                    .toList();
        }
    }

    private final List<Contest> contests;

    private RunComparison(List<Contest> contests) {
        this.contests = List.copyOf(contests);
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
            ModelNames called = ModelNames.of(new RunDirectory(run));
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
            Path folder, String benchmark, List<String> models, ModelNames called, String prefix) {
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
                        || ModelNames.means(baseline, label.replaceFirst(".* · ", "")))
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

    /** What each benchmark says, by its name. */
    public List<Contest> contests() {
        return contests;
    }
}
