package cogent.eval;

import cogent.data.InputException;
import cogent.data.corpus.Fields;
import java.time.LocalDate;
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
 * @param quickSamples replies a problem that make a quick look
 * @param temperature sampling temperature, 0 is greedy
 * @param topP nucleus sampling
 * @param maxNewTokens bound on a reply, thinking included
 * @param code how programs are asked for and run; null where answers are compared
 * @param window the dates of the problems taken; null: all
 * @param published figures of other models, with source
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
        int quickSamples,
        double temperature,
        double topP,
        int maxNewTokens,
        @Nullable Code code,
        @Nullable Window window,
        List<Published> published) {
    static final double TEMPERATURE = 0.6;
    static final double TOP_P = 0.95;
    static final int MAX_NEW_TOKENS = 32_768;

    /** How a reply is judged. */
    public enum Grading {
        /** The final answer is compared as mathematics. */
        MATH,
        /** The option's letter is compared. */
        CHOICE,
        /** As MATH, with OlympiadBench's own allowed error per problem (field {@code error}). */
        OLYMPIAD,
        /** The reply's program is run on the problem's tests, in LiveCodeBench's layout. */
        CODE
    }

    /**
     * How programs are asked for, in place of {@code {task}} in the prompt, and run.
     *
     * @param stdin for a program that reads and prints
     * @param function for a function; {@code {starter_code}} is what it has to begin with
     * @param seconds on the clock for each test
     * @param memoryMb for all processes of a program together
     */
    public record Code(String stdin, String function, int seconds, int memoryMb) {
        public Code {
            if (seconds < 1 || memoryMb < 16) {
                throw new InputException("code: seconds must be at least 1, memory_mb at least 16");
            }
        }
    }

    /** Problems dated from the first to the last day, by a field that begins with an ISO date. */
    public record Window(String field, LocalDate from, LocalDate to) {}

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

    /**
     * Problems with a final answer that is compared as mathematics, with the sampling that a benchmark file has by default;
     * {@link #sampled} changes it.
     *
     * @param prompt the user's message; {@code {problem}} stands for the problem
     */
    public Benchmark(String name, String prompt) {
        this(
                name,
                name,
                "",
                null,
                null,
                prompt,
                Grading.MATH,
                0,
                1,
                1,
                TEMPERATURE,
                TOP_P,
                MAX_NEW_TOKENS,
                null,
                null,
                List.of());
    }

    public Benchmark {
        published = List.copyOf(published);
        if (name.isBlank() || !name.matches("[\\w.-]+")) {
            throw new InputException("a benchmark's name is made of letters, digits, '.', '-', '_': \"" + name + "\"");
        }
        if (!prompt.contains("{problem}")) {
            throw new InputException("the prompt of " + name + " has no {problem}");
        }
        if (choices != null && !prompt.contains("{choices}")) {
            throw new InputException("the prompt of " + name + " has no {choices}");
        }
        if ((code == null) == (grading == Grading.CODE)) {
            throw new InputException("benchmark " + name + ": grading: code and the key \"code\" belong together");
        }
        if (code != null && !prompt.contains("{task}")) {
            throw new InputException("the prompt of " + name + " has no {task}");
        }
        if (samples < 1
                || quickSamples < 1
                || maxNewTokens < 1
                || !(temperature >= 0)
                || !(topP > 0 && topP <= 1)
                || !(tolerance >= 0)) {
            throw new InputException("benchmark " + name
                    + ": samples, quick_samples and max_new_tokens must be at least 1, temperature and "
                    + "tolerance at least 0, top_p above 0 and up to 1");
        }
    }

    /** The same problems, asked and sampled otherwise. */
    public Benchmark sampled(int otherSamples, double otherTemperature, double otherTopP, int otherMaxNewTokens) {
        return new Benchmark(
                name,
                title,
                about,
                fields,
                choices,
                prompt,
                grading,
                tolerance,
                otherSamples,
                quickSamples,
                otherTemperature,
                otherTopP,
                otherMaxNewTokens,
                code,
                window,
                published);
    }
}
