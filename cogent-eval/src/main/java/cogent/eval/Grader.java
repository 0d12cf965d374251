package cogent.eval;

import cogent.answer.Verdict;
import cogent.eval.code.CodeGrader;
import cogent.eval.code.CodeTests;
import cogent.eval.code.Sandbox;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;

/** Judges replies to a benchmark's questions. */
public interface Grader extends AutoCloseable {
    Grade grade(Question question, String reply);

    /** Whether judging costs next to nothing, so that stored replies are judged anew whenever they are met. */
    default boolean isCheap() {
        return true;
    }

    @Override
    default void close() {}

    /** The grader of a benchmark that compares answers. */
    static Grader of(Benchmark benchmark) {
        return of(benchmark, () -> {
            throw new IllegalArgumentException(benchmark.name() + " runs programs: give it a sandbox");
        });
    }

    /**
     * The grader that a benchmark asks for.
     *
     * @param sandbox asked for only where programs have to be run; closed with the grader
     */
    static Grader of(Benchmark benchmark, Supplier<Sandbox> sandbox) {
        Benchmark.Code code = benchmark.code();
        return code == null
                ? (question, reply) -> Grade.of(benchmark, question, reply)
                : new Programs(sandbox.get(), code);
    }

    /** Runs the reply's program on the tests of the question. */
    final class Programs implements Grader {
        private final Sandbox sandbox;
        private final CodeGrader grader;

        private Programs(Sandbox sandbox, Benchmark.Code code) {
            this.sandbox = sandbox;
            this.grader = new CodeGrader(sandbox, Duration.ofSeconds(code.seconds()), (long) code.memoryMb() << 20);
        }

        @Override
        public Grade grade(Question question, String reply) {
            String program = CodeGrader.program(Grade.withoutThinking(reply));
            if (program.isEmpty()) {
                return new Grade("", false, new Verdict(Verdict.Kind.UNKNOWN, "no program in a code block"));
            }
            CodeTests tests = Objects.requireNonNull(question.tests()).get();
            CodeGrader.Judgement judgement = grader.judge(program, tests);
            return new Grade(
                    program,
                    true,
                    new Verdict(judgement.passed() ? Verdict.Kind.EQUAL : Verdict.Kind.DIFFERENT, judgement.reason()));
        }

        @Override
        public boolean isCheap() {
            return false;
        }

        @Override
        public void close() {
            sandbox.close();
        }
    }
}
