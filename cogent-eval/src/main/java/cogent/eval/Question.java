package cogent.eval;

import cogent.data.Fields;
import cogent.data.Problem;
import cogent.data.Problems;
import cogent.data.Row;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * One problem as it is asked.
 *
 * @param problem the problem with its reference answer: the option's letter for multiple choice
 * @param prompt the user's message
 * @param error absolute error that a numeric answer may have, per item; empty: exact
 */
public record Question(Problem problem, String prompt, List<Double> error) {
    public Question {
        error = List.copyOf(error);
    }

    public String id() {
        return problem.id();
    }

    /**
     * The benchmark's questions in the order of the data file.
     *
     * @param data the published file, from the user's disk
     */
    public static List<Question> read(Benchmark benchmark, Path data) {
        Fields fields = benchmark.fields() == null ? Fields.RECOGNISED : benchmark.fields();
        Benchmark.ChoiceFields choices = benchmark.choices();
        if (choices != null) {
            Fields named = new Fields(fields.problem(), null, choices.correct(), fields.id());
            return Problems.read(data, named, (row, problem) -> shuffled(benchmark, choices, row, problem));
        }
        return Problems.read(data, fields, (row, problem) -> of(benchmark, row, problem));
    }

    private static Question of(Benchmark benchmark, Row row, Problem problem) {
        return new Question(
                problem,
                benchmark.prompt().replace("{problem}", problem.text()),
                benchmark.grading() == Benchmark.Grading.OLYMPIAD
                        ? errors(row.fields().path("error").asString(""))
                        : List.of());
    }

    /** OlympiadBench's {@code error}: empty, {@code 1e-1}, or one number an item. */
    private static List<Double> errors(String written) {
        List<Double> errors = new ArrayList<>();
        for (String part : written.split(",", -1)) {
            try {
                errors.add(Double.parseDouble(part.strip()));
            } catch (NumberFormatException e) {
                return List.of(); // "" and anything else: no error is allowed
            }
        }
        return errors;
    }

    private static Question shuffled(Benchmark benchmark, Benchmark.ChoiceFields choices, Row row, Problem problem) {
        List<String> options = new ArrayList<>();
        options.add(problem.answer());
        for (String column : choices.incorrect()) {
            options.add(row.fields().path(column).asString("").strip());
        }
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < options.size(); i++) {
            order.add(i);
        }
        // by the problem's own id, so that leaving out problems changes no other's order
        Collections.shuffle(
                order,
                new SplittableRandom(
                        choices.seed() * 0x9e3779b97f4a7c15L + problem.id().hashCode()));
        StringBuilder listed = new StringBuilder();
        for (int i = 0; i < order.size(); i++) {
            listed.append(String.format(
                    Locale.ROOT, "%c) %s%n", 'A' + i, options.get(order.get(i)).strip()));
        }
        String prompt = benchmark
                .prompt()
                .replace("{choices}", listed.toString().strip())
                .replace("{problem}", problem.text());
        String letter = String.valueOf((char) ('A' + order.indexOf(0)));
        return new Question(new Problem(problem.id(), problem.text(), letter), prompt, List.of());
    }
}
