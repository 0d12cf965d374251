package cogent.train.forward;

import cogent.model.decoder.Packed;
import cogent.train.rows.Example;
import cogent.train.rows.PairExample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sequences as they go through the model, with the places where completion tokens are predicted. The last token of a
 * sequence predicts nothing and is left out.
 *
 * @param inputs the sequences
 * @param positions {@code [targets]}: indices into the inputs whose hidden states predict a completion token
 * @param targets {@code [targets]}: the completion tokens, sequence by sequence
 * @param counts {@code [sequences]}: completion tokens of each
 * @param work tokens and products that the model has to compute, padding left out
 */
@SuppressWarnings("ArrayRecordComponent") // handed to libtorch as they are
public record PackedRows(Packed inputs, int[] positions, int[] targets, int[] counts, Work work) {
    /** End to end, without padding. */
    public static PackedRows of(List<Example> sequences) {
        return of(sequences, BatchLayout.PACKED);
    }

    /** In a layout; single sequences share nothing. */
    public static PackedRows of(List<Example> sequences, BatchLayout layout) {
        int longest = sequences.stream().mapToInt(s -> s.tokens() - 1).max().orElseThrow();
        Builder to = new Builder();
        int[] lengths = new int[sequences.size()];
        for (int i = 0; i < lengths.length; i++) {
            Example row = sequences.get(i);
            int start = to.ids.size();
            to.ids.add(row.prompt(), row.prompt().length);
            to.completion(start + row.prompt().length - 1, row.completion());
            to.work(row.tokens() - 1, 0);
            lengths[i] = row.tokens() - 1;
            if (layout == BatchLayout.PADDED) {
                to.ids.add(new int[longest - lengths[i]], longest - lengths[i]);
                lengths[i] = longest;
            }
        }
        return to.rows(new Packed(to.ids.toArray(), lengths));
    }

    /** The sides of pairs: chosen, rejected, chosen, rejected, … */
    public static PackedRows ofPairs(List<PairExample> pairs, BatchLayout layout) {
        if (layout != BatchLayout.SHARED) {
            List<Example> sides = new ArrayList<>();
            for (PairExample pair : pairs) {
                sides.add(new Example(pair.id(), pair.prompt(), pair.chosen()));
                sides.add(new Example(pair.id(), pair.prompt(), pair.rejected()));
            }
            return of(sides, layout);
        }
        Builder to = new Builder();
        int[] prompts = new int[pairs.size()];
        int[][] sides = new int[pairs.size()][];
        for (int i = 0; i < prompts.length; i++) {
            PairExample pair = pairs.get(i);
            prompts[i] = pair.prompt().length;
            sides[i] = new int[] {pair.chosen().length - 1, pair.rejected().length - 1};
            int last = to.ids.size() + prompts[i] - 1;
            to.ids.add(pair.prompt(), prompts[i]);
            to.completion(last, pair.chosen());
            to.completion(last, pair.rejected());
            to.work(prompts[i] + sides[i][0], 0);
            to.work(prompts[i] + sides[i][1], prompts[i]);
        }
        return to.rows(Packed.branching(to.ids.toArray(), prompts, sides));
    }

    /** Sums per-token values sequence by sequence, in double. */
    public double[] sums(float[] perTarget) {
        double[] sums = new double[counts.length];
        int at = 0;
        for (int i = 0; i < counts.length; i++) {
            for (int j = 0; j < counts[i]; j++) {
                sums[i] += perTarget[at++];
            }
        }
        return sums;
    }

    /** Repeats one value per sequence for each of its targets. */
    public float[] spread(double[] perSequence) {
        float[] values = new float[targets.length];
        int at = 0;
        for (int i = 0; i < counts.length; i++) {
            Arrays.fill(values, at, at + counts[i], (float) perSequence[i]);
            at += counts[i];
        }
        return values;
    }

    private static final class Builder {
        final Ints ids = new Ints();
        final Ints positions = new Ints();
        final Ints targets = new Ints();
        final Ints counts = new Ints();
        Work work = Work.NONE;

        /** Appends a completion, whose first token is predicted at the prompt's last row. */
        void completion(int promptsLast, int[] reply) {
            int own = ids.size();
            for (int j = 0; j < reply.length; j++) {
                positions.add(j == 0 ? promptsLast : own + j - 1);
            }
            ids.add(reply, reply.length - 1);
            targets.add(reply, reply.length);
            counts.add(reply.length);
        }

        void work(int length, int shared) {
            double pairs = (double) length * length - (double) shared * shared;
            work = work.plus(new Work(length - shared, pairs, 0));
        }

        PackedRows rows(Packed inputs) {
            Work all = work.plus(new Work(0, 0, targets.size()));
            return new PackedRows(inputs, positions.toArray(), targets.toArray(), counts.toArray(), all);
        }
    }

    /** A list of ints that grows. */
    private static final class Ints {
        private int[] values = new int[256];
        private int size;

        int size() {
            return size;
        }

        void add(int value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
            }
            values[size++] = value;
        }

        void add(int[] from, int count) {
            if (size + count > values.length) {
                values = Arrays.copyOf(values, Math.max(2 * size, size + count));
            }
            System.arraycopy(from, 0, values, size, count);
            size += count;
        }

        int[] toArray() {
            return Arrays.copyOf(values, size);
        }
    }
}
