package cogent.eval;

import cogent.answer.Equivalence;
import cogent.answer.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What one model achieved on one benchmark.
 *
 * @param problems in the order of the data, each with all its samples
 */
public record Scores(String benchmark, List<Problem> problems) {
    /** One problem's samples, in order. */
    public record Problem(String id, List<Graded> samples) {
        public Problem {
            samples = List.copyOf(samples);
        }

        public int right() {
            return (int) samples.stream().filter(Graded::right).count();
        }

        /** The share of samples that are right. */
        public double accuracy() {
            return (double) right() / samples.size();
        }
    }

    public Scores {
        problems = List.copyOf(problems);
    }

    /** All samples of all problems. */
    public long samples() {
        return problems.stream().mapToLong(p -> p.samples().size()).sum();
    }

    /** How many samples are right. */
    public long right() {
        return problems.stream().mapToLong(Problem::right).sum();
    }

    /** Mean over problems of the share of right samples: pass@1. */
    public double accuracy() {
        return problems.stream().mapToDouble(Problem::accuracy).average().orElse(Double.NaN);
    }

    /** Of the accuracy: Wilson's with one sample a problem, else a bootstrap over problems. */
    public Interval interval() {
        return single()
                ? Statistics.wilson(right(), problems.size())
                : Statistics.bootstrap(
                        problems.stream().mapToDouble(Problem::accuracy).toArray());
    }

    boolean single() {
        return problems.stream().allMatch(p -> p.samples().size() == 1);
    }

    /** The samples of a problem, where all have the same number; else 1. */
    public int samplesEach() {
        int first = problems.isEmpty() ? 1 : problems.getFirst().samples().size();
        return problems.stream().allMatch(p -> p.samples().size() == first) ? first : 1;
    }

    /** Mean unbiased pass@k; every problem needs at least k samples. */
    public double passAt(int k) {
        return problems.stream()
                .mapToDouble(p -> Statistics.passAt(k, p.samples().size(), p.right()))
                .average()
                .orElse(Double.NaN);
    }

    /** maj@n: the share of problems whose most frequent answer is right; ties count by the share of right ones in them. */
    public double majority() {
        return problems.stream().mapToDouble(p -> vote(p.samples())).average().orElse(Double.NaN);
    }

    private static double vote(List<Graded> samples) {
        List<List<Graded>> clusters = new ArrayList<>();
        for (Graded sample : samples) {
            if (!sample.grade().extracted().isEmpty()) {
                clusters.stream()
                        .filter(cluster -> same(cluster.getFirst(), sample))
                        .findFirst()
                        .orElseGet(() -> {
                            clusters.add(new ArrayList<>());
                            return clusters.getLast();
                        })
                        .add(sample);
            }
        }
        int most = clusters.stream().mapToInt(List::size).max().orElse(0);
        return clusters.stream()
                .filter(cluster -> cluster.size() == most)
                .mapToDouble(cluster -> cluster.getFirst().right() ? 1 : 0)
                .average()
                .orElse(0);
    }

    private static boolean same(Graded a, Graded b) {
        return a.right() == b.right()
                && (a.right()
                        || Equivalence.equal(a.grade().extracted(), b.grade().extracted()));
    }

    /** Samples cut off by the token limit. */
    public long truncated() {
        return count(sample -> sample.end() == Graded.End.LENGTH);
    }

    /** Samples that got no answer: refused, or the server failed on them. */
    public long failed() {
        return count(sample -> sample.end() == Graded.End.FAILED);
    }

    /** Samples that state no final answer (their last number, if any, was taken). */
    public long unstated() {
        return count(sample -> !sample.grade().stated());
    }

    /** Samples whose answer the checker can neither call equal nor different; they count as wrong. */
    public long undecided() {
        return count(sample -> sample.grade().verdict().kind() == Verdict.Kind.UNKNOWN
                && !sample.grade().extracted().isEmpty());
    }

    /** Mean length of a reply in tokens, as the model counts them. */
    public double meanTokens() {
        return problems.stream()
                .flatMap(p -> p.samples().stream())
                .mapToLong(Graded::completionTokens)
                .average()
                .orElse(0);
    }

    private long count(Predicate<Graded> property) {
        return problems.stream()
                .flatMap(p -> p.samples().stream())
                .filter(property)
                .count();
    }
}
