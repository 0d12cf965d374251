package cogent.model.generate;

import cogent.model.generate.TokenDraws.Drawn;
import cogent.model.generate.TokenScore.Candidate;
import cogent.model.tensor.DType;
import cogent.model.tensor.Numerics;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The next token of every row: penalties, draw and log-probabilities on the device, all of it brought over in one read. */
final class NextTokens {
    /** Of so many of the most probable tokens top-p and min-p choose, as a rule; where they reach further all are ranked. */
    private static final int RANKED = 256;

    /** @param score where the row's log-probabilities are asked for */
    record Chosen(int id, Optional<TokenScore> score) {}

    private NextTokens() {}

    /** @param logits {@code [rows, vocab]}; may be changed */
    static List<Chosen> of(Tensor logits, List<GenerationRow> rows) {
        int top = rows.stream().mapToInt(GenerationRow::top).max().orElse(0);
        boolean scored = rows.stream().anyMatch(GenerationRow::scored);
        Tensor logps = scored ? TokenLogProbs.logProbs(logits) : null; // before any penalty
        Tensor.@Nullable Ranked best = logps == null || top == 0 ? null : logps.topk(Math.min(top, logps.size(1)), 1);
        Tensor penalised = penalised(logits, rows);
        List<Sampler> samplers = rows.stream().map(GenerationRow::sampling).toList();
        double[] uniforms = rows.stream()
                .mapToDouble(row -> row.sampling().isGreedy() ? 0 : row.uniform())
                .toArray();
        int all = Math.toIntExact(logits.size(1));
        int ranked =
                Math.max(RANKED, samplers.stream().mapToInt(Sampler::topK).max().orElse(0));
        return Numerics.ofEitherKind(() -> {
            List<Chosen> chosen = read(TokenDraws.of(penalised, samplers, uniforms, ranked), logps, best, rows);
            return chosen.isEmpty()
                    ? read(TokenDraws.of(penalised, samplers, uniforms, all), logps, best, rows)
                    : chosen;
        });
    }

    /** Empty where too few tokens were ranked. */
    private static List<Chosen> read(
            Drawn drawn, @Nullable Tensor logps, Tensor.@Nullable Ranked best, List<GenerationRow> rows) {
        List<Tensor> columns = new ArrayList<>(List.of(drawn.ids().unsqueeze(1).to(DType.F64)));
        if (drawn.whole() != null) {
            columns.add(drawn.whole().unsqueeze(1).to(DType.F64));
        }
        if (logps != null) {
            columns.add(logps.gather(1, drawn.ids().unsqueeze(1)).to(DType.F64));
        }
        if (best != null) {
            columns.add(best.values().to(DType.F64));
            columns.add(best.indices().to(DType.F64));
        }
        double[] read = (columns.size() == 1 ? columns.getFirst() : Tensors.cat(columns, 1)).toDoubles();
        int width = read.length / rows.size();
        int k = best == null ? 0 : (int) best.values().size(1);
        int scores = drawn.whole() == null ? 1 : 2;
        List<Chosen> chosen = new ArrayList<>(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            int at = i * width;
            if (drawn.whole() != null && read[at + 1] == 0) {
                return List.of();
            }
            int id = (int) read[at];
            Optional<TokenScore> score = Optional.empty();
            if (rows.get(i).scored()) {
                List<Candidate> candidates = new ArrayList<>();
                for (int j = at + scores + 1;
                        j < at + scores + 1 + Math.min(k, rows.get(i).top());
                        j++) {
                    candidates.add(new Candidate((int) read[j + k], read[j]));
                }
                score = Optional.of(new TokenScore(id, read[at + scores], candidates));
            }
            chosen.add(new Chosen(id, score));
        }
        return chosen;
    }

    private static Tensor penalised(Tensor logits, List<GenerationRow> rows) {
        int n = 0;
        for (GenerationRow row : rows) {
            n += row.counts() == null ? 0 : row.counts().size();
        }
        if (n == 0) {
            return logits;
        }
        long[] places = new long[n];
        float[] factors = new float[n];
        float[] offsets = new float[n];
        int at = 0;
        for (int i = 0; i < rows.size(); i++) {
            TokenCounts counts = rows.get(i).counts();
            Penalties penalties = rows.get(i).sampling().penalties();
            for (int j = 0; counts != null && j < counts.size(); j++) {
                places[at] = i * logits.size(1) + counts.id(j);
                factors[at] = (float) penalties.repetition();
                int times = counts.times(j);
                offsets[at++] = (float) (penalties.frequency() * times + (times > 0 ? penalties.presence() : 0));
            }
        }
        Tensor index = Tensors.of(places, n).to(logits.device(), DType.I64);
        Tensor factor = Tensors.of(factors, n).to(logits.device(), DType.F32);
        Tensor offset = Tensors.of(offsets, n).to(logits.device(), DType.F32);
        Tensor all = logits.to(DType.F32);
        Tensor flat = all.view(-1);
        Tensor now = flat.indexSelect(0, index);
        flat.indexCopy_(
                0,
                index,
                Tensors.where(now.gt(0), now.div(factor), now.mul(factor)).sub(offset));
        return all;
    }
}
