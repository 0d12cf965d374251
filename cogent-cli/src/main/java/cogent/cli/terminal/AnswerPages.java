package cogent.cli.terminal;

import cogent.data.Count;
import cogent.data.InputException;
import cogent.eval.Benchmark;
import cogent.eval.Question;
import cogent.eval.ResultRow;
import cogent.pipeline.Shell;
import cogent.pipeline.evaluate.EvaluateStage;
import cogent.pipeline.evaluate.VerdictDoubt;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.ModelNames;
import cogent.pipeline.run.RunDirectory;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The answers of an evaluation with their verdicts, page by page, for the terminal. */
public final class AnswerPages {
    /** Which answers to show. */
    public enum Filter {
        ALL("answers"),
        WRONG("wrong answers"),
        UNDECIDED("answers that the checker cannot tell");

        private final String name;

        Filter(String name) {
            this.name = name;
        }

        boolean takes(ResultRow row) {
            return switch (this) {
                case ALL -> true;
                case WRONG -> !row.right();
                case UNDECIDED -> VerdictDoubt.undecided(row);
            };
        }
    }

    /**
     * What is asked for.
     *
     * @param benchmark only this one; null: all
     * @param model only this one; null: all
     * @param problem only this one; null: all
     * @param page from 1
     * @param size answers a page
     */
    public record Wish(
            Filter filter,
            @Nullable String benchmark,
            @Nullable String model,
            @Nullable String problem,
            int page,
            int size) {
        public Wish {
            if (page < 1 || size < 1) {
                throw new InputException("--page and --size count from 1");
            }
        }
    }

    /** Answers a page where nothing else is wished. */
    public static final int DEFAULT_SIZE = 5;

    private static final int LABEL = 12;
    private static final int REPLY_LINES = 60;

    private final StringBuilder text = new StringBuilder();
    private final Wish wish;
    private final ModelNames names;
    private long matching;
    private long all;

    private AnswerPages(Wish wish, ModelNames names) {
        this.wish = wish;
        this.names = names;
    }

    /** One page as text. */
    public static String of(RunDirectory run, Wish wish) {
        Recipe recipe = run.readRecipe();
        EvaluateStage stage = new EvaluateStage(recipe, run);
        AnswerPages pages = new AnswerPages(wish, ModelNames.of(recipe));
        List<String> benchmarks = recipe.evaluate().benchmarks().stream()
                .filter(name -> wish.benchmark == null
                        || name.equals(wish.benchmark)
                        || stage.benchmarks().of(name).name().equals(wish.benchmark))
                .toList();
        List<String> models = stage.models().stream()
                .filter(name -> wish.model == null
                        || name.equals(wish.model)
                        || pages.names.of(name).equals(wish.model))
                .toList();
        boolean found = false;
        for (String name : benchmarks) {
            Benchmark benchmark = stage.benchmarks().of(name);
            Map<String, String> problems = problems(stage, name);
            for (String model : models) {
                if (Files.exists(stage.benchmarks().results(benchmark, model))) {
                    found = true;
                    ResultRow.forEach(
                            stage.benchmarks().results(benchmark, model),
                            row -> pages.meet(row, benchmark, model, problems));
                }
            }
        }
        if (!found) {
            throw new InputException(run.root() + ": no finished evaluation"
                    + (wish.benchmark == null ? "" : " on " + wish.benchmark)
                    + (wish.model == null ? "" : " of " + wish.model)
                    + "; the recipe has the benchmarks "
                    + String.join(", ", recipe.evaluate().benchmarks()) + " and the models "
                    + String.join(", ", stage.models()) + ", and `cogent evaluate` measures them");
        }
        pages.foot(run);
        return pages.text.toString();
    }

    private static Map<String, String> problems(EvaluateStage stage, String benchmark) {
        Map<String, String> problems = new HashMap<>();
        try {
            for (Question question : stage.benchmarks().questions(benchmark)) {
                problems.put(question.id(), question.problem().text());
            }
        } catch (InputException e) {
            return Map.of(); // the data has gone from where the recipe says; the answers are still here
        }
        return problems;
    }

    private void meet(ResultRow row, Benchmark benchmark, String model, Map<String, String> problems) {
        if (wish.problem != null && !wish.problem.equals(row.problem())) {
            return;
        }
        all++;
        if (!wish.filter.takes(row)) {
            return;
        }
        long first = (wish.page - 1L) * wish.size;
        if (matching >= first && matching < first + wish.size) {
            tell(row, benchmark, model, problems.getOrDefault(row.problem(), ""));
        }
        matching++;
    }

    private void tell(ResultRow row, Benchmark benchmark, String model, String problem) {
        String sample = benchmark.samples() == 1 ? "" : ", sample " + (row.sample() + 1);
        say(
                "%,d".formatted(matching + 1),
                "%s · %s · problem %s%s".formatted(benchmark.name(), names.of(model), row.problem(), sample));
        if (!problem.isBlank()) {
            say("problem", problem.lines().filter(line -> !line.isBlank()).collect(Collectors.joining("\n")));
        }
        boolean program = benchmark.code() != null;
        say(
                "verdict",
                (row.right() ? "right" : row.verdict().equals("unknown") ? "cannot tell" : "wrong") + ": "
                        + row.reason());
        if (!program) {
            say("sought", row.reference());
            say("extracted", row.extracted().isEmpty() ? "nothing" : row.extracted());
        }
        String warning = VerdictDoubt.of(row, program);
        if (!warning.isEmpty()) {
            say("look", warning);
        }
        reply(row);
        text.append('\n');
    }

    private void reply(ResultRow row) {
        String whole = row.reasoning().isBlank() ? row.reply() : row.reasoning() + "\n\n" + row.reply();
        List<String> lines =
                whole.strip().lines().filter(line -> !line.isBlank()).toList();
        int from = Math.max(0, lines.size() - REPLY_LINES);
        say(
                "reply",
                Count.of(row.completionTokens(), "token")
                        + (from > 0 ? ", its last %,d of %,d lines".formatted(REPLY_LINES, lines.size()) : ""));
        lines.subList(from, lines.size()).forEach(line -> say("", "│ " + line));
    }

    private void foot(RunDirectory run) {
        long pages = Math.max(1, Math.ceilDiv(matching, wish.size));
        if (wish.page > pages) {
            throw new InputException("--page " + wish.page + ": there are " + pages);
        }
        text.append(" page %,d of %,d · %,d %s of %,d".formatted(wish.page, pages, matching, wish.filter.name, all));
        if (wish.page < pages) {
            text.append(" · next: %s show %s"
                            .formatted(Shell.cogent(), Shell.quoted(run.root().toString())))
                    .append(
                            wish.filter == Filter.ALL
                                    ? " --answers"
                                    : wish.filter == Filter.WRONG ? " --wrong" : " --undecided")
                    .append(wish.benchmark == null ? "" : " --benchmark " + Shell.quoted(wish.benchmark))
                    .append(wish.model == null ? "" : " --model " + Shell.quoted(wish.model))
                    .append(wish.problem == null ? "" : " --problem " + Shell.quoted(wish.problem))
                    .append(wish.size == DEFAULT_SIZE ? "" : " --size " + wish.size)
                    .append(" --page ")
                    .append(wish.page + 1);
        }
        text.append('\n');
    }

    private void say(String label, String words) {
        String indented = words.strip().lines().collect(Collectors.joining("\n" + " ".repeat(LABEL + 1)));
        text.append((" %-" + (LABEL - 1) + "s ").formatted(label))
                .append(indented)
                .append('\n');
    }
}
