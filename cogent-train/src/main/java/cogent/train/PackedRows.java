package cogent.train;

import cogent.model.Packed;
import java.util.List;

/**
 * Sequences laid end to end without padding, with the places where completion tokens are predicted. The last token of a
 * sequence predicts nothing and is left out.
 *
 * @param inputs the sequences
 * @param positions {@code [targets]}: indices into the inputs whose hidden states predict a completion token
 * @param targets {@code [targets]}: the completion tokens, sequence by sequence
 * @param counts {@code [sequences]}: completion tokens of each
 */
@SuppressWarnings("ArrayRecordComponent") // handed to libtorch as they are
record PackedRows(Packed inputs, int[] positions, int[] targets, int[] counts) {
    static PackedRows of(List<Example> sequences) {
        int tokens = sequences.stream().mapToInt(s -> s.tokens() - 1).sum();
        int completion = sequences.stream().mapToInt(s -> s.completion().length).sum();
        int[] ids = new int[tokens];
        int[] lengths = new int[sequences.size()];
        int[] positions = new int[completion];
        int[] targets = new int[completion];
        int[] counts = new int[sequences.size()];
        int at = 0;
        int target = 0;
        for (int i = 0; i < sequences.size(); i++) {
            int[] prompt = sequences.get(i).prompt();
            int[] reply = sequences.get(i).completion();
            System.arraycopy(prompt, 0, ids, at, prompt.length);
            System.arraycopy(reply, 0, ids, at + prompt.length, reply.length - 1);
            System.arraycopy(reply, 0, targets, target, reply.length);
            for (int j = 0; j < reply.length; j++) {
                positions[target + j] = at + prompt.length - 1 + j;
            }
            lengths[i] = prompt.length + reply.length - 1;
            counts[i] = reply.length;
            at += lengths[i];
            target += reply.length;
        }
        return new PackedRows(new Packed(ids, lengths), positions, targets, counts);
    }

    /** Sums per-token values sequence by sequence, in double. */
    double[] sums(float[] perTarget) {
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
    float[] spread(double[] perSequence) {
        float[] values = new float[targets.length];
        int at = 0;
        for (int i = 0; i < counts.length; i++) {
            for (int j = 0; j < counts[i]; j++) {
                values[at++] = (float) perSequence[i];
            }
        }
        return values;
    }
}
