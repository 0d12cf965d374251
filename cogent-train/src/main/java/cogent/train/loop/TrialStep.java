package cogent.train.loop;

import cogent.data.InputException;
import cogent.model.tensor.Scope;
import cogent.train.forward.CompletionPass;
import cogent.train.forward.Compute;
import cogent.train.forward.PackedRows;
import cogent.train.forward.Scoring;
import cogent.train.forward.TrainableModel;
import cogent.train.optim.AdamW;
import cogent.train.rows.Example;
import cogent.train.rows.PairExample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What training takes this model on this machine, from a step of its own on rows of arbitrary tokens: arithmetic does not ask what
 * a text says. The weights stay.
 *
 * @param rowSeconds of one row or pair, forward and back
 * @param scoredSeconds of one, forward alone, as for a reference
 * @param updateSeconds of clipping and AdamW, once a step
 */
public record TrialStep(double rowSeconds, double scoredSeconds, double updateSeconds) {
    /**
     * The rows of a training.
     *
     * @param prompt tokens of it
     * @param completion tokens of one side
     * @param pair whether there are two sides
     */
    public record Shape(int prompt, int completion, boolean pair) {
        public Shape {
            InputException.require(
                    prompt > 0 && completion > 1, "rows of " + prompt + " and " + completion + " tokens");
        }

        int tokens() {
            return (pair ? 2 : 1) * (prompt + completion);
        }

        /** Rows in a layout, each of other tokens. */
        private PackedRows packed(int rows, int vocabulary, Compute compute) {
            List<Example> examples = new ArrayList<>();
            List<PairExample> pairs = new ArrayList<>();
            for (int row = 0; row < rows; row++) {
                int[] asked = ids(prompt, row, vocabulary);
                int[] said = ids(completion, row + 1, vocabulary);
                examples.add(new Example("trial", asked, said));
                pairs.add(new PairExample("trial", asked, said, ids(completion, row + 2, vocabulary), 1, null));
            }
            return pair ? PackedRows.ofPairs(pairs, compute.layout()) : PackedRows.of(examples, compute.layout());
        }

        private static int[] ids(int count, int row, int vocabulary) {
            int[] ids = new int[count];
            Arrays.setAll(ids, i -> Math.floorMod(i * 7919 + row * 104_729, vocabulary));
            return ids;
        }
    }

    /**
     * Takes a step.
     *
     * @param settings of the training
     * @param batch rows of one of its steps
     * @param budget how long to go forward and back; one row is taken however long that is
     */
    public static TrialStep measure(
            TrainableModel model, TrainSettings settings, Shape shape, int batch, Duration budget) {
        Compute compute = settings.compute();
        int vocabulary = model.config().vocabSize();
        int most = Math.clamp(compute.microBatchTokens() / shape.tokens(), 1, batch);
        model.gradientsOn();
        try (AdamW adamW = new AdamW(model.parameters(), settings.optimiser())) {
            double longest = budget.toNanos() / 1e9;
            int rows = 1;
            double _ = forwardAndBack(model, shape.packed(rows, vocabulary, compute), shape, compute); // warms up
            // as many as a training takes at once, where that is no longer than the trial may be
            while (rows < most
                    && forwardAndBack(model, shape.packed(rows, vocabulary, compute), shape, compute) < longest / 4) {
                rows = Math.min(most, 4 * rows);
            }
            PackedRows packed = shape.packed(rows, vocabulary, compute);
            double _ = forwardAndBack(model, packed, shape, compute); // its memory is new
            double seconds = 0;
            int steps = 0;
            while (seconds < longest) {
                seconds += forwardAndBack(model, packed, shape, compute);
                steps++;
            }
            double scored = seconds(() -> Scoring.score(model.decoder(), packed));
            update(adamW); // the first one touches the moments
            return new TrialStep(seconds / steps / rows, scored / rows, seconds(() -> update(adamW)));
        } finally {
            model.gradientsOff();
        }
    }

    private static double forwardAndBack(TrainableModel model, PackedRows rows, Shape shape, Compute compute) {
        return seconds(() -> {
            model.clearGradients();
            try (Scope _ = Scope.open()) {
                CompletionPass pass = new CompletionPass(model.decoder(), rows, compute.recompute());
                if (shape.pair()) {
                    pass.score(); // the loss of a pair is known before the way back
                }
                float[] weights = new float[rows.targets().length];
                Arrays.fill(weights, -1f / weights.length);
                pass.backward(weights);
                // a device works behind the program's back until a value is asked for
                double _ = model.device().isCpu()
                        ? 0
                        : model.parameters().lastEntry().getValue().grad().sum().item();
            }
        });
    }

    private static void update(AdamW adamW) {
        adamW.clip(adamW.norm());
        adamW.step(0);
    }

    private static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }
}
