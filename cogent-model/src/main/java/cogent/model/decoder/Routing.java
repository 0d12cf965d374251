package cogent.model.decoder;

import cogent.model.tensor.DType;
import cogent.model.tensor.Nn;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which experts tokens go to, and what each counts: the likeliest by the softmax of the router's logits.
 *
 * @param probabilities {@code [rows, experts]}, F32
 * @param chosen {@code [rows, perToken]}, I64: the experts of each row
 * @param total {@code [rows, 1]}: what the probabilities of a row's experts are divided by; one where they count as they are
 * @param visits in the order of the experts; those that no row goes to are left out
 */
record Routing(Tensor probabilities, Tensor chosen, Tensor total, boolean normalised, List<Visit> visits) {
    /**
     * The rows of an expert.
     *
     * @param rows {@code [visits]}, I64
     * @param places {@code [visits]}, I64: of these in {@link #chosen}, end to end
     */
    record Visit(int expert, Tensor rows, Tensor places) {}

    /** @param logits {@code [rows, experts]} */
    static Routing of(Tensor logits, int perToken, boolean normalised) {
        Tensor probabilities = Nn.softmax(logits.to(DType.F32), 1);
        Tensor.Ranked best = probabilities.topk(perToken, 1);
        Tensor total = normalised
                ? best.values().sum(1, true)
                : Tensors.zerosLike(best.values().narrow(1, 0, 1)).add(1.0);
        return new Routing(probabilities, best.indices(), total, normalised, visits(best.indices(), perToken));
    }

    private static List<Visit> visits(Tensor chosen, int perToken) {
        long[] experts = chosen.reshape(-1).toLongs();
        SortedMap<Integer, List<Integer>> places = new TreeMap<>();
        for (int place = 0; place < experts.length; place++) {
            places.computeIfAbsent((int) experts[place], _ -> new ArrayList<>()).add(place);
        }
        List<Visit> visits = new ArrayList<>();
        places.forEach((expert, of) -> {
            long[] at = of.stream().mapToLong(place -> place).toArray();
            long[] rows = of.stream().mapToLong(place -> place / perToken).toArray();
            visits.add(new Visit(
                    expert,
                    Tensors.of(rows, rows.length).to(chosen.device(), DType.I64),
                    Tensors.of(at, at.length).to(chosen.device(), DType.I64)));
        });
        return visits;
    }

    /** {@code [visits, 1]}: what the expert counts in each of its rows. */
    Tensor weights(Visit visit) {
        return all().reshape(-1).indexSelect(0, visit.places()).unsqueeze(1);
    }

    /** {@code [rows, perToken]} */
    private Tensor all() {
        return probabilities.gather(1, chosen).div(total);
    }

    /**
     * @param gradient {@code [rows, perToken]}: of the weights
     * @return gradient of the router's logits, {@code [rows, experts]}
     */
    Tensor backward(Tensor gradient) {
        Tensor up = gradient;
        if (normalised) {
            up = gradient.sub(gradient.mul(all()).sum(1, true)).div(total);
        }
        Tensor spread = Tensors.zerosLike(probabilities).scatterAdd_(1, chosen, up);
        return spread.sub(spread.mul(probabilities).sum(1, true)).mul_(probabilities);
    }

    /** Frees it. */
    void close() {
        probabilities.close();
        chosen.close();
        total.close();
        visits.forEach(visit -> {
            visit.rows.close();
            visit.places.close();
        });
    }
}
