package cogent.pipeline.result;

import cogent.eval.Interval;
import org.jspecify.annotations.Nullable;

/**
 * One model on one benchmark.
 *
 * @param model its name in recipes
 * @param correct answers that are right, of {@code n}
 * @param accuracy mean over the problems, with its 95 % interval
 * @param meanTokens mean length of an answer
 * @param truncated answers cut off by the token limit
 * @param failed questions that got no answer: refused, or the server failed on them
 * @param unparsed answers that state no final answer
 * @param undecided answers that the checker can call neither equal nor different
 * @param samples answers to each problem
 * @param passAtN share of the problems that one answer at least is right on; null where each was asked once
 * @param majority accuracy of the answer most often given; null where each was asked once, or for programs
 */
public record ModelScores(
        String model,
        long correct,
        long n,
        long problems,
        double accuracy,
        Interval interval,
        double meanTokens,
        long truncated,
        long failed,
        long unparsed,
        long undecided,
        int samples,
        @Nullable Double passAtN,
        @Nullable Double majority) {}
