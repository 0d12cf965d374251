package cogent.curate.student;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.curate.agent.Shoes;
import cogent.curate.agent.StudentProbe;
import cogent.curate.agent.StudentProbe.Measure;
import cogent.curate.agent.StudentProbe.Work;
import cogent.data.Problem;
import cogent.data.Rationale;
import cogent.data.Sample;
import cogent.llm.store.RunDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MeasuresTest {
    private static final List<Sample> CORPUS = IntStream.range(0, 3 * Measures.PART / 2)
            .mapToObj(i -> new Sample(
                    new Problem("q" + i, "What is " + i + " + 1?", "" + (i + 1)),
                    new Rationale("One more than " + i + ".\n\nThe answer is " + (i + 1) + ".", "" + (i + 1))))
            .toList();

    @TempDir
    Path folder;

    private final List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());

    /** Like a real student, it gives other last digits in other company. */
    private List<Measure> probe(List<Work> works) {
        sizes.add(works.size());
        return works.stream()
                .map(work -> new Measure(
                        -1 - 1e-7 * works.size(),
                        -work.text().length(),
                        0.1 * work.text().length(),
                        work.text().length(),
                        true))
                .toList();
    }

    private List<Measure> ahead(RunDatabase database, String student, int stopAfter) {
        return new Measures(database, this::probe, student)
                .ahead(CORPUS.stream(), Division.NONE, () -> sizes.size() >= stopAfter, _ -> {})
                .orElse(List.of());
    }

    @Test
    void the_corpus_is_read_in_parts_and_never_twice() {
        try (RunDatabase database = RunDatabase.open(folder)) {
            List<Measure> first = ahead(database, "a", 99);
            assertThat(first).hasSize(CORPUS.size());
            assertThat(sizes).containsExactly(Measures.PART, Measures.PART / 2);
            assertThat(ahead(database, "a", 99)).isEqualTo(first);
            assertThat(new Measures(database, this::probe, "a").of(CORPUS.getLast()))
                    .isEqualTo(first.getLast());
            assertThat(sizes).hasSize(2);
            ahead(database, "another student", 99);
            assertThat(sizes).hasSize(4);
        }
    }

    @Test
    void what_was_interrupted_and_continued_has_the_figures_of_what_was_not() {
        List<Measure> whole;
        try (RunDatabase database = RunDatabase.open(folder.resolve("whole"))) {
            whole = ahead(database, "a", 99);
        }
        sizes.clear();
        try (RunDatabase database = RunDatabase.open(folder.resolve("parts"))) {
            assertThat(ahead(database, "a", 1)).isEmpty();
            assertThat(ahead(database, "a", 99)).isEqualTo(whole);
        }
    }

    /** Two processes: each waits for what the other has. */
    private static final class Pair {
        private final CyclicBarrier both = new CyclicBarrier(2);
        private final double[][] parts = new double[2][];

        Division division(int rank) {
            return new Division(rank, 2, own -> {
                try {
                    parts[rank] = own;
                    both.await();
                    double[] sum = new double[own.length];
                    Arrays.setAll(sum, i -> parts[0][i] + parts[1][i]);
                    both.await();
                    return sum;
                } catch (InterruptedException | BrokenBarrierException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
    }

    @Test
    void several_processes_come_to_the_figures_of_one_and_the_first_keeps_them() throws Exception {
        List<Measure> whole;
        try (RunDatabase database = RunDatabase.open(folder.resolve("whole"))) {
            whole = ahead(database, "a", 99);
        }
        Pair pair = new Pair();
        try (RunDatabase first = RunDatabase.open(folder.resolve("first"));
                RunDatabase second = RunDatabase.open(folder.resolve("second"));
                ExecutorService threads = Executors.newCachedThreadPool()) {
            AtomicBoolean stop = new AtomicBoolean(true);
            for (int round = 0; round < 2; round++) { // the second time with what the first knows
                sizes.clear();
                for (boolean stopped : new boolean[] {true, false}) {
                    stop.set(stopped);
                    Future<Optional<List<Measure>>> other = threads.submit(() -> new Measures(second, this::probe, "a")
                            .ahead(CORPUS.stream(), pair.division(1), stop::get, _ -> {}));
                    Optional<List<Measure>> one = new Measures(first, this::probe, "a")
                            .ahead(CORPUS.stream(), pair.division(0), () -> false, _ -> {});
                    assertThat(other.get()).isEqualTo(one);
                    assertThat(one).isEqualTo(stopped ? Optional.empty() : Optional.of(whole));
                }
                assertThat(sizes).hasSize(round == 0 ? 2 : 0);
            }
            sizes.clear();
            assertThat(ahead(first, "a", 99)).isEqualTo(whole);
            assertThat(sizes).as("kept by the first").isEmpty();
        }
    }

    @Test
    void the_student_is_shown_the_work_without_its_final_answer() {
        List<Work> seen = new ArrayList<>();
        try (RunDatabase database = RunDatabase.open(folder)) {
            StudentProbe probe = works -> {
                seen.addAll(works);
                return List.of(new Measure(-1, -1, 5, 1, true));
            };
            new Measures(database, probe, "a").ahead(Stream.of(Shoes.SAMPLE), Division.NONE, () -> false, _ -> {});
        }
        assertThat(seen).containsExactly(new Work(Shoes.SAMPLE.problem(), "8 and 5 make 13."));
    }
}
