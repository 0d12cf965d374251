package cogent.eval;

import cogent.data.InputException;
import cogent.data.Problem;
import cogent.data.corpus.Fields;
import cogent.data.corpus.Problems;
import cogent.data.file.Row;
import cogent.eval.code.CodeTests;
import cogent.eval.code.Spool;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One problem as it is asked.
 *
 * @param problem the problem with its reference answer: the option's letter for multiple choice
 * @param prompt the user's message
 * @param error absolute error that a numeric answer may have, per item; empty: exact
 * @param unit of the answer where the data states it apart (OlympiadBench); empty: none
 * @param tests reads the tests of a program that is asked for; null where an answer is
 */
public record Question(
        Problem problem,
        String prompt,
        List<Double> error,
        String unit,
        @Nullable Supplier<CodeTests> tests) {
    /** A question that asks for an answer. */
    public Question(Problem problem, String prompt) {
        this(problem, prompt, List.of(), "", null);
    }

    /** The problem as a benchmark that compares answers asks it. */
    public static Question of(Benchmark benchmark, Problem problem) {
        return new Question(problem, benchmark.prompt().replace("{problem}", problem.text()));
    }

    /** Every problem as such a benchmark asks it. */
    public static List<Question> all(Benchmark benchmark, List<Problem> problems) {
        return problems.stream().map(problem -> of(benchmark, problem)).toList();
    }

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
        List<Question> questions = dated(benchmark, data, fields(benchmark));
        if (questions.isEmpty()) {
            throw new InputException(
                    data + ": no problem lies in the window of " + benchmark.name() + ", " + benchmark.window());
        }
        return questions;
    }

    /** The fields of the data that neither ask nor judge, so that they do not vanish in silence. */
    public static List<String> unused(Benchmark benchmark, Path data) {
        Set<String> used = new HashSet<>();
        if (benchmark.window() != null) {
            used.add(benchmark.window().field());
        }
        if (benchmark.choices() != null) {
            used.add(benchmark.choices().correct());
            used.addAll(benchmark.choices().incorrect());
        }
        switch (benchmark.grading()) {
            case OLYMPIAD -> used.addAll(List.of("error", "unit"));
            case CODE -> used.addAll(List.of("starter_code", "public_test_cases", "private_test_cases", "metadata"));
            case MATH, CHOICE -> {}
        }
        return Problems.unused(data, fields(benchmark)).stream()
                .filter(name -> !used.contains(name))
                .toList();
    }

    private static Fields fields(Benchmark benchmark) {
        return benchmark.fields() == null ? Fields.RECOGNISED : benchmark.fields();
    }

    private static List<Question> dated(Benchmark benchmark, Path data, Fields fields) {
        Benchmark.Window window = benchmark.window();
        Spool spool = benchmark.code() == null ? null : new Spool();
        Benchmark.ChoiceFields choices = benchmark.choices();
        Fields named = choices == null ? fields : new Fields(fields.problem(), null, choices.correct(), fields.id());
        return Problems.<Optional<Question>>read(data, named, (row, problem) -> {
                    if (window != null && !within(window, row)) {
                        return Optional.empty();
                    }
                    return Optional.of(
                            choices != null
                                    ? shuffled(benchmark, choices, row, problem)
                                    : spool != null
                                            ? program(benchmark, spool, row, problem)
                                            : of(benchmark, row, problem));
                })
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private static boolean within(Benchmark.Window window, Row row) {
        String written = row.fields().path(window.field()).asString("");
        try {
            LocalDate date = LocalDate.parse(written.substring(0, Math.min(10, written.length())));
            return !date.isBefore(window.from()) && !date.isAfter(window.to());
        } catch (DateTimeParseException e) {
            throw new InputException("\"" + window.field() + "\" is no date: \"" + written + "\"", e);
        }
    }

    private static Question program(Benchmark benchmark, Spool spool, Row row, Problem problem) {
        Benchmark.Code code = Objects.requireNonNull(benchmark.code());
        String starter = row.fields().path("starter_code").asString("");
        String task =
                starter.isBlank() ? code.stdin() : code.function().replace("{starter_code}", starter.stripTrailing());
        String prompt = benchmark.prompt().replace("{task}", task).replace("{problem}", problem.text());
        return new Question(problem, prompt, List.of(), "", spool.put(row.fields()));
    }

    private static Question of(Benchmark benchmark, Row row, Problem problem) {
        boolean olympiad = benchmark.grading() == Benchmark.Grading.OLYMPIAD;
        return new Question(
                problem,
                benchmark.prompt().replace("{problem}", problem.text()),
                olympiad ? errors(row.fields().path("error").asString("")) : List.of(),
                olympiad ? row.fields().path("unit").asString("") : "",
                null);
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
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, options.size()).boxed().toList());
        // by the problem's own id, so that leaving out problems changes no other's order
        Collections.shuffle(
                order,
                new SplittableRandom(
                        choices.seed() * 0x9e3779b97f4a7c15L + problem.id().hashCode()));
        String listed = IntStream.range(0, order.size())
                .mapToObj(
                        i -> (char) ('A' + i) + ") " + options.get(order.get(i)).strip())
                .collect(Collectors.joining("\n"));
        String prompt = benchmark.prompt().replace("{choices}", listed.strip()).replace("{problem}", problem.text());
        String letter = String.valueOf((char) ('A' + order.indexOf(0)));
        return new Question(new Problem(problem.id(), problem.text(), letter), prompt);
    }
}
