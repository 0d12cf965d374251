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
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The next token of every row: penalties, draw and log-probabilities on the device, all of it brought over in one read. */
final class NextTokens {
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
        return Numerics.ofEitherKind(() -> {
            Drawn drawn = TokenDraws.of(penalised, samplers, uniforms);
            Read read = Read.of(drawn, logps, best, rows.size());
            int[] beyond = read.beyond();
            if (beyond.length > 0) {
                Tensor index = Tensors.of(beyond, beyond.length).to(logits.device(), DType.I64);
                Tensor others = TokenDraws.beyondRanked(penalised, samplers, uniforms, beyond);
                Tensor ids = drawn.ids().indexCopy_(0, index, others);
                read = Read.of(new Drawn(ids, null), logps, best, rows.size());
            }
            return read.chosen(rows);
        });
    }

    /**
     * What was brought over of every row.
     *
     * @param values by row: the id; where told, whether it was drawn from all that could come; where scored, its log-probability, the best
     *     ones, and their ids
     * @param best how many of those
     */
    @SuppressWarnings("ArrayRecordComponent") // read at once
    private record Read(double[] values, int width, boolean told, boolean scored, int best) {
        static Read of(Drawn drawn, @Nullable Tensor logps, Tensor.@Nullable Ranked best, int rows) {
            Tensor id = drawn.ids().unsqueeze(1);
            List<Tensor> columns = new ArrayList<>(List.of(id.to(DType.F64)));
            if (drawn.whole() != null) {
                columns.add(drawn.whole().unsqueeze(1).to(DType.F64));
            }
            if (logps != null) {
                columns.add(logps.gather(1, id).to(DType.F64));
            }
            if (best != null) {
                columns.add(best.values().to(DType.F64));
                columns.add(best.indices().to(DType.F64));
            }
            double[] values = (columns.size() == 1 ? columns.getFirst() : Tensors.cat(columns, 1)).toDoubles();
            int ranked = best == null ? 0 : (int) best.values().size(1);
            return new Read(values, values.length / rows, drawn.whole() != null, logps != null, ranked);
        }

        /** Rows that were drawn from too few tokens. */
        int[] beyond() {
            return IntStream.range(0, values.length / width)
                    .filter(row -> told && values[row * width + 1] == 0)
                    .toArray();
        }

        List<Chosen> chosen(List<GenerationRow> rows) {
            return IntStream.range(0, rows.size())
                    .mapToObj(i -> {
                        int id = (int) values[i * width];
                        boolean asked = scored && rows.get(i).scored();
                        return new Chosen(
                                id, asked ? Optional.of(score(i, id, rows.get(i).top())) : Optional.empty());
                    })
                    .toList();
        }

        private TokenScore score(int row, int id, int top) {
            int first = row * width + (told ? 3 : 2);
            List<Candidate> candidates = IntStream.range(first, first + Math.min(best, top))
                    .mapToObj(j -> new Candidate((int) values[j + best], values[j]))
                    .toList();
            return new TokenScore(id, values[first - 1], candidates);
        }
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
