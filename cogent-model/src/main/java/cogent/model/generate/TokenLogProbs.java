package cogent.model.generate;

import cogent.model.decoder.Decoder;
import cogent.model.generate.TokenScore.Candidate;
import cogent.model.tensor.DType;
import cogent.model.tensor.Nn;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Log-probabilities of tokens. */
final class TokenLogProbs {
    /** Logits held at a time; those of a whole prompt would be many times the model's size. */
    private static final long LOGITS = 1 << 24;

    private TokenLogProbs() {}

    /**
     * Of each token of a prompt.
     *
     * @param hidden its final hidden states, {@code [tokens, hidden]}
     * @param top how many most probable tokens are told with each
     */
    static List<TokenScore> prompt(Decoder decoder, Tensor hidden, int[] prompt, int top) {
        List<TokenScore> scores = new ArrayList<>();
        scores.add(new TokenScore(prompt[0], Double.NaN, List.of()));
        int rows = (int) Math.max(1, LOGITS / decoder.config().vocabSize());
        for (int from = 0; from < prompt.length - 1; from += rows) {
            int start = from;
            int n = Math.min(rows, prompt.length - 1 - start);
            Scope.run(() -> {
                Tensor logps = logProbs(decoder.logits(hidden.narrow(0, start, n)));
                scores.addAll(of(logps, Arrays.copyOfRange(prompt, start + 1, start + 1 + n), top));
            });
        }
        return scores;
    }

    /** {@code [rows, vocab]} to the same. */
    static Tensor logProbs(Tensor logits) {
        return Nn.logSoftmax(logits.to(DType.F32), 1);
    }

    /**
     * Of one token in each row.
     *
     * @param logps {@code [rows, vocab]}
     */
    static List<TokenScore> of(Tensor logps, int[] ids, int top) {
        int n = ids.length;
        Tensor index = Tensors.of(ids, n, 1).to(logps.device(), DType.I64);
        float[] chosen = logps.gather(1, index).toFloats();
        int k = (int) Math.min(top, logps.size(1));
        float[] best = new float[0];
        long[] bestIds = new long[0];
        if (k > 0) {
            var ranked = logps.topk(k, 1);
            best = ranked.values().toFloats();
            bestIds = ranked.indices().toLongs();
        }
        List<TokenScore> scores = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            List<Candidate> candidates = new ArrayList<>();
            for (int j = i * k; j < (i + 1) * k; j++) {
                candidates.add(new Candidate((int) bestIds[j], best[j]));
            }
            scores.add(new TokenScore(ids[i], chosen[i], candidates));
        }
        return scores;
    }
}
