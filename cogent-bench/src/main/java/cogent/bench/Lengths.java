package cogent.bench;

import cogent.model.decoder.LanguageModel;
import cogent.model.tensor.DType;
import cogent.train.forward.BatchLayout;
import cogent.train.forward.Compute;
import cogent.train.forward.TrainableModel;
import cogent.train.loop.PairBatch;
import cogent.train.rows.PairExample;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Useful tokens a second on pairs as long as real R1-style rationales are, by layout. Useful tokens are those of all
 * sequences, prompts counted in each; padding is not. The model is small, so that the longest rationales fit the time; what
 * padding costs does not depend on the width.
 */
final class Lengths {
    /** Twentieths of the lengths of 851 public long rationales (SkyThought), characters ÷ 2.9, from least to most. */
    private static final int[] COMPLETION = {
        250, 448, 547, 646, 788, 1044, 1231, 1330, 1482, 1634, 1779, 1944, 2170, 2409, 2646, 2927, 3270, 3930, 4739,
        6325, 14202
    };

    /** Tenths of their problems' lengths. */
    private static final int[] PROMPT = {7, 26, 37, 48, 60, 70, 83, 103, 133, 171, 342};

    private static final int PAIRS = 8;
    /** Pairs of a part: what a padded trainer has on a device at once. */
    private static final int TOGETHER = 2;

    private Lengths() {}

    static void compare(PrintStream out) {
        Random random = new Random(7);
        List<PairExample> pairs = new ArrayList<>();
        for (int i = 0; i < PAIRS; i++) {
            int prompt = draw(PROMPT, random);
            pairs.add(TrainSpeed.Shapes.pair(random, prompt, draw(COMPLETION, random), draw(COMPLETION, random), 8000));
        }
        long useful = pairs.stream().mapToLong(PairExample::tokens).sum();
        double padded = 0;
        try (LanguageModel model = LanguageModel.create(TrainSpeed.Shapes.config(3, 512, 1536, 8, 2, 8192, true), 1)) {
            TrainableModel trainee = TrainableModel.all(model);
            trainee.gradientsOn();
            double peak = TrainSpeed.peak(DType.F32);
            for (BatchLayout layout : BatchLayout.values()) {
                double seconds = seconds(model, trainee, pairs, layout);
                padded = layout == BatchLayout.PADDED ? seconds : padded;
                out.printf(
                        Locale.ROOT,
                        "lengths of real rationales, %d pairs, %-7s %8.0f useful tok/s  x %.2f of padded  (matrix peak %.0f GFLOP/s)%n",
                        PAIRS,
                        layout,
                        useful / seconds,
                        padded / seconds,
                        peak / 1e9);
            }
        }
    }

    private static double seconds(
            LanguageModel model, TrainableModel trainee, List<PairExample> pairs, BatchLayout layout) {
        PairBatch batch = TrainSpeed.batch(model.decoder(), new Compute(1 << 20, layout, 0), pairs);
        long start = 0;
        for (int from = -TOGETHER; from < PAIRS; from += TOGETHER) { // the first part twice: once to warm up
            start = from == 0 ? System.nanoTime() : start;
            trainee.clearGradients();
            int[] part = new int[TOGETHER];
            int first = Math.max(0, from);
            Arrays.setAll(part, i -> first + i);
            batch.backward(part, (_, _, _) -> {});
        }
        return (System.nanoTime() - start) / 1e9;
    }

    /** Tokens of a rationale. */
    static int completion(Random random) {
        return draw(COMPLETION, random);
    }

    /** Tokens of a problem. */
    static int prompt(Random random) {
        return draw(PROMPT, random);
    }

    private static int draw(int[] quantiles, Random random) {
        double at = random.nextDouble() * (quantiles.length - 1);
        int below = (int) at;
        return (int) Math.round(quantiles[below] + (at - below) * (quantiles[below + 1] - quantiles[below]));
    }
}
