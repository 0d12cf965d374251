package cogent.curate.clean;

import cogent.curate.SampleOutcome;
import cogent.data.Problem;
import cogent.data.Sample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Leaves out samples whose problem stands in an evaluation set: training on them would make the evaluation worthless. Two
 * problems count as the same when the shorter of them has half of its runs of eight words in common with the other.
 * Eight words is the run that open-r1 uses; half, rather than any single run, since word problems share set phrases.
 */
public final class Contamination implements SampleFilter {
    private static final int WORDS = 8;
    private static final double SHARE = 0.5;

    private final Map<Long, List<Evaluated>> byShingle = new HashMap<>();

    private record Evaluated(String name, int shingles) {}

    /** @param problems of all evaluation sets in use, with ids that name the set */
    public Contamination(Stream<Problem> problems) {
        problems.forEach(problem -> {
            long[] shingles = Shingles.of(problem.text(), WORDS);
            Evaluated evaluated = new Evaluated(problem.id(), shingles.length);
            for (long shingle : shingles) {
                byShingle.computeIfAbsent(shingle, _ -> new ArrayList<>(1)).add(evaluated);
            }
        });
    }

    @Override
    public Optional<SampleOutcome.Refused> refuse(Sample sample) {
        return refuse(sample.problem());
    }

    @Override
    public Optional<SampleOutcome.Refused> refuse(Problem problem) {
        long[] shingles = Shingles.of(problem.text(), WORDS);
        Map<Evaluated, Integer> shared = new HashMap<>();
        for (long shingle : shingles) {
            byShingle.getOrDefault(shingle, List.of()).forEach(evaluated -> shared.merge(evaluated, 1, Integer::sum));
        }
        return shared.entrySet().stream()
                .filter(entry -> entry.getValue()
                        >= SHARE * Math.min(shingles.length, entry.getKey().shingles()))
                .map(entry -> entry.getKey().name())
                .sorted()
                .findFirst()
                .flatMap(name -> SampleFilter.refused("problem of an evaluation set", name));
    }
}
