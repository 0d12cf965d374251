package cogent.eval;

import cogent.data.Fields;
import cogent.data.InputException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A benchmark as a small declarative file says it; see {@link BenchmarkFile}.
 *
 * @param name short, as recipes name it
 * @param title as reports name it
 * @param about which split of which source it stands for, how many problems
 * @param fields names of the data's fields; null: recognised
 * @param choices where the options of a multiple-choice question stand; null when there are none
 * @param prompt the user's message: {@code {problem}}, {@code {choices}}; there is no system message
 * @param grading how a reply is judged
 * @param tolerance relative error that a numeric answer may have; 0: exact
 * @param samples replies a problem that the field draws
 * @param temperature sampling temperature, 0 is greedy
 * @param topP nucleus sampling
 * @param maxNewTokens bound on a reply, thinking included
 */
public record Benchmark(
        String name,
        String title,
        String about,
        @Nullable Fields fields,
        @Nullable ChoiceFields choices,
        String prompt,
        Grading grading,
        double tolerance,
        int samples,
        double temperature,
        double topP,
        int maxNewTokens) {
    /** How a reply is judged. */
    public enum Grading {
        /** The final answer is compared as mathematics. */
        MATH,
        /** The option's letter is compared. */
        CHOICE,
        /** As MATH, with OlympiadBench's own allowed error per problem (field {@code error}). */
        OLYMPIAD
    }

    /**
     * The columns of the options.
     *
     * @param seed of the shuffle, which each problem draws by its own id
     */
    public record ChoiceFields(String correct, List<String> incorrect, long seed) {
        public ChoiceFields {
            incorrect = List.copyOf(incorrect);
            if (incorrect.isEmpty() || incorrect.size() > 9) {
                throw new InputException("choices.incorrect: expected 1 to 9 columns");
            }
        }
    }

    public Benchmark {
        if (name.isBlank() || !name.matches("[\\w.-]+")) {
            throw new InputException("a benchmark's name is made of letters, digits, '.', '-', '_': \"" + name + "\"");
        }
        if (!prompt.contains("{problem}")) {
            throw new InputException("the prompt of " + name + " has no {problem}");
        }
        if (choices != null && !prompt.contains("{choices}")) {
            throw new InputException("the prompt of " + name + " has no {choices}");
        }
        if (samples < 1 || maxNewTokens < 1 || !(temperature >= 0) || !(topP > 0 && topP <= 1) || !(tolerance >= 0)) {
            throw new InputException(
                    "benchmark " + name + ": samples and max_new_tokens must be at least 1, temperature and "
                            + "tolerance at least 0, top_p above 0 and up to 1");
        }
    }
}
