package cogent.train.loop;

import cogent.data.InputException;
import cogent.model.decoder.LanguageModel;
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
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What training takes this model on this machine, from a step of its own on rows of arbitrary tokens: arithmetic does not ask what
 * a text says. The weights stay.
 *
 * @param rowSeconds of one row or pair, forward and back
 * @param scoredSeconds of one, forward alone, as for a reference
 * @param updateSeconds of clipping and AdamW, once a step
 * @param firstSeconds what the first pass takes beyond those that follow: memory that is new, and code that is
 */
public record TrialStep(double rowSeconds, double scoredSeconds, double updateSeconds, double firstSeconds) {
    /** So many times the time for one row may several take, which multiply faster than one. */
    private static final int SEVERAL = 6;

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

        /** Rows of one side, each of other tokens. */
        private List<Example> examples(int rows, int vocabulary) {
            return IntStream.range(0, rows)
                    .mapToObj(row ->
                            new Example("trial", ids(prompt, row, vocabulary), ids(completion, row + 1, vocabulary)))
                    .toList();
        }

        private PackedRows packed(int rows, int vocabulary, Compute compute) {
            List<Example> examples = examples(rows, vocabulary);
            return pair
                    ? PackedRows.ofPairs(
                            examples.stream()
                                    .map(row -> new PairExample(
                                            row.id(),
                                            row.prompt(),
                                            row.completion(),
                                            ids(completion, row.completion()[0] + 1, vocabulary),
                                            1,
                                            null))
                                    .toList(),
                            compute.layout())
                    : PackedRows.of(examples, compute.layout());
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
        Pass pass = rows -> {
            PackedRows packed = shape.packed(rows, vocabulary, compute);
            return () -> forwardAndBack(model, packed, shape, compute);
        };
        int most = Math.clamp(compute.microBatchTokens() / shape.tokens(), 1, batch);
        return measure(
                model,
                settings,
                most,
                batch,
                budget,
                pass,
                rows -> seconds(() -> Scoring.score(model.decoder(), shape.packed(rows, vocabulary, compute))) / rows);
    }

    /**
     * Takes a step of distillation on replies that are there.
     *
     * @param teacher of the same tokens
     */
    public static TrialStep distil(
            TrainableModel model,
            LanguageModel teacher,
            TrainSettings settings,
            Shape shape,
            int batch,
            Duration budget) {
        Compute compute = settings.compute();
        int vocabulary = Math.min(model.config().vocabSize(), teacher.config().vocabSize());
        Pass pass = rows -> {
            List<Example> replies = shape.examples(rows, vocabulary);
            DistilBatch distilled =
                    new DistilBatch(model.decoder(), teacher.decoder(), compute, (long) rows * shape.completion());
            return () -> {
                model.clearGradients();
                DistilBatch.Part _ = distilled.backward(replies, _ -> {});
                settle(model);
            };
        };
        int most = Math.clamp(compute.microBatchTokens() / shape.tokens(), 1, batch);
        return measure(model, settings, most, batch, budget, pass, _ -> 0);
    }

    /** Forward and back on so many rows, made ready beforehand. */
    private interface Pass {
        Runnable on(int rows);
    }

    /**
     * @param most rows that a training takes at once
     * @param batch rows of a step
     * @param scored seconds of a row of so many, forward alone
     */
    private static TrialStep measure(
            TrainableModel model,
            TrainSettings settings,
            int most,
            int batch,
            Duration budget,
            Pass pass,
            IntToDoubleFunction scored) {
        model.gradientsOn();
        try (AdamW adamW = new AdamW(model.parameters(), settings.optimiser())) {
            double longest = budget.toNanos() / 1e9;
            double cold = seconds(pass.on(1));
            double one = mean(pass.on(1), longest);
            int rows = (int) Math.clamp(SEVERAL * longest / one, 1, most);
            double fresh = rows == 1 ? one : seconds(pass.on(rows));
            double all = rows == 1 ? one : mean(pass.on(rows), longest);
            double first = Math.max(0, cold - one) + Math.max(0, fresh - all) * most / rows;
            update(adamW); // the first one touches the moments
            double update = seconds(() -> update(adamW));
            // what is done once however many rows there are: it touches every weight's gradient, and no more than AdamW
            // does
            double once = rows == 1 ? 0 : Math.clamp((rows * one - all) / (rows - 1), 0, Math.min(all, update));
            double row = (all - once) / rows + once * Math.ceilDiv(batch, most) / batch;
            return new TrialStep(row, scored.applyAsDouble(rows), update, first);
        } finally {
            model.gradientsOff();
        }
    }

    private static double mean(Runnable work, double longest) {
        double seconds = 0;
        int times = 0;
        while (times == 0 || seconds < longest) {
            seconds += seconds(work);
            times++;
        }
        return seconds / times;
    }

    private static void forwardAndBack(TrainableModel model, PackedRows rows, Shape shape, Compute compute) {
        model.clearGradients();
        try (Scope _ = Scope.open()) {
            CompletionPass pass = new CompletionPass(model.decoder(), rows, compute.recompute());
            if (shape.pair()) {
                pass.score(); // the loss of a pair is known before the way back
            }
            float[] weights = new float[rows.targets().length];
            Arrays.fill(weights, -1f / weights.length);
            pass.backward(weights);
            settle(model);
        }
    }

    /** A device works behind the program's back until a value is asked for. */
    private static void settle(TrainableModel model) {
        if (!model.device().isCpu()) {
            double _ = model.parameters().lastEntry().getValue().grad().sum().item();
        }
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
