package cogent.pipeline.evaluate;

import cogent.eval.Evaluation;
import cogent.eval.Question;
import cogent.eval.Scores;
import cogent.model.tensor.Ranks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The answers of a local model, its questions dealt to the ranks: each rank writes a file of its own, {@code
 * RESULTS.rank-1} and so on, and the first brings them together. What an interrupted run left there is not asked again.
 */
public record DividedAnswers(Ranks ranks, Path results) {
    /**
     * Answers all questions.
     *
     * @param evaluation of questions, with a results file; empty when it was stopped
     * @return the scores, on all ranks but the first those of its own questions; empty when any rank was stopped
     */
    public Optional<Scores> of(
            List<Question> questions, BiFunction<List<Question>, Path, Optional<Scores>> evaluation) {
        if (ranks.count() == 1) {
            return evaluation.apply(questions, results);
        }
        gather();
        List<Question> own = IntStream.range(0, questions.size())
                .filter(i -> i % ranks.count() == ranks.rank())
                .mapToObj(questions::get)
                .toList();
        Path part = part(ranks.rank());
        seed(part);
        Optional<Scores> scores = own.isEmpty() ? Optional.of(new Scores("", List.of())) : evaluation.apply(own, part);
        ranks.at("the end of its part of " + results.getFileName());
        boolean stopped = ranks.sum(scores.isPresent() ? 0 : 1)[0] > 0;
        if (stopped) {
            return Optional.empty();
        }
        gather();
        return ranks.isFirst() ? evaluation.apply(questions, results) : scores;
    }

    /** By the first rank, the others wait. */
    private void gather() {
        if (ranks.isFirst()) {
            for (Path part : parts(results)) {
                Evaluation.take(results, part);
                delete(part);
                delete(partial(part));
            }
        }
        ranks.barrier();
    }

    /** The parts that are there, finished or not, of whichever ranks: any of them may have ended before it began its own. */
    static List<Path> parts(Path results) {
        Path folder = results.resolveSibling("");
        String prefix = results.getFileName() + ".rank-";
        try (Stream<Path> files = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(prefix))
                    .map(name -> results.resolveSibling(name.replaceFirst("\\.part$", "")))
                    .distinct()
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be listed", e);
        }
    }

    /** What is answered already is not asked by this rank either. */
    private void seed(Path part) {
        Path known = Files.exists(partial(results)) ? partial(results) : results;
        if (Files.exists(known)) {
            try {
                Files.copy(known, partial(part));
            } catch (IOException e) {
                throw new UncheckedIOException(part + ": cannot be written", e);
            }
        }
    }

    private Path part(int rank) {
        return results.resolveSibling(results.getFileName() + ".rank-" + rank);
    }

    private static Path partial(Path file) {
        return file.resolveSibling(file.getFileName() + ".part");
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be removed", e);
        }
    }
}
