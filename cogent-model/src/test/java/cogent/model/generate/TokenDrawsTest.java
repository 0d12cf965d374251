package cogent.model.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.model.generate.TokenDraws.Drawn;
import cogent.model.tensor.Nn;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenDrawsTest {
    private static final double[] FOUR = {0.1, 0.41, 0.2, 0.29};

    /** Logits of some probabilities, the same in every row. */
    private static Tensor logits(int rows, double... p) {
        float[] all = new float[rows * p.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = (float) Math.log(p[i % p.length]);
        }
        return Tensors.of(all, rows, p.length);
    }

    private static long[] draws(Sampler sampler, double[] uniforms, double... p) {
        try (Scope _ = Scope.open()) {
            return drawn(logits(uniforms.length, p), Collections.nCopies(uniforms.length, sampler), uniforms);
        }
    }

    /** In both steps, as {@link NextTokens} takes them. */
    private static long[] drawn(Tensor logits, List<Sampler> samplers, double[] uniforms) {
        Drawn first = TokenDraws.of(logits, samplers, uniforms);
        long[] ids = first.ids().toLongs();
        if (first.whole() != null) {
            long[] whole = first.whole().toLongs();
            int[] beyond = IntStream.range(0, whole.length)
                    .filter(row -> whole[row] == 0)
                    .toArray();
            if (beyond.length > 0) {
                long[] others = TokenDraws.beyondRanked(logits, samplers, uniforms, beyond)
                        .toLongs();
                IntStream.range(0, beyond.length).forEach(i -> ids[beyond[i]] = others[i]);
            }
        }
        return ids;
    }

    private static double[] sweep(int n) {
        return IntStream.range(0, n).mapToDouble(i -> i / (double) n).toArray();
    }

    /** Which tokens can come, found by sweeping the number. */
    private static Set<Long> reachable(Sampler sampler, double... p) {
        return new TreeSet<>(
                Arrays.stream(draws(sampler, sweep(2000), p)).boxed().toList());
    }

    @Test
    void top_k_keeps_the_k_most_probable() {
        assertThat(reachable(new Sampler(1, 2, 1, 0), FOUR)).containsExactly(1L, 3L);
        assertThat(reachable(new Sampler(1, 1, 1, 0), FOUR)).containsExactly(1L);
        assertThat(reachable(new Sampler(1, 9, 1, 0), FOUR)).containsExactly(0L, 1L, 2L, 3L);
    }

    @Test
    void top_p_keeps_the_fewest_that_reach_the_share() {
        assertThat(reachable(new Sampler(1, 0, 0.6, 0), FOUR)).containsExactly(1L, 3L);
        assertThat(reachable(new Sampler(1, 0, 0.75, 0), FOUR)).containsExactly(1L, 2L, 3L);
        assertThat(reachable(new Sampler(1, 0, 0.01, 0), FOUR)).containsExactly(1L);
    }

    @Test
    void top_p_counts_shares_of_what_top_k_left() {
        // of 0.41 and 0.29 the first has 59 %
        assertThat(reachable(new Sampler(1, 2, 0.55, 0), FOUR)).containsExactly(1L);
        assertThat(reachable(new Sampler(1, 2, 0.6, 0), FOUR)).containsExactly(1L, 3L);
    }

    @Test
    void min_p_is_relative_to_the_most_probable() {
        assertThat(reachable(new Sampler(1, 0, 1, 0.48), FOUR)).containsExactly(1L, 2L, 3L);
        assertThat(reachable(new Sampler(1, 0, 1, 0.5), FOUR)).containsExactly(1L, 3L);
    }

    /** Of vocabularies that are whole blocks of sums and that are not, with tokens between that cannot come. */
    @ParameterizedTest
    @ValueSource(ints = {1500, 1536, 2049, 5000})
    void of_many_tokens_the_one_comes_in_whose_share_the_number_lies(int vocab) {
        Random random = new Random(vocab);
        double[] p = random.doubles(vocab).map(x -> x < 0.3 ? 0 : x).toArray();
        double[] uniforms = DoubleStream.concat(DoubleStream.of(0, Math.nextDown(1.0)), random.doubles(200))
                .toArray();
        try (Scope _ = Scope.open()) {
            float[] probabilities = Nn.softmax(logits(1, p), 1).toFloats();
            long[] want = Arrays.stream(uniforms)
                    .mapToLong(u -> reached(probabilities, u))
                    .toArray();
            assertThat(draws(Sampler.at(1), uniforms, p)).isEqualTo(want);
            Tensor rows = Tensors.of(probabilities, 1, vocab)
                    .expand(uniforms.length, vocab)
                    .contiguous();
            assertThat(TokenDraws.amongAll(
                                    rows, Tensors.of(uniforms, uniforms.length).mul(1 - 0x1p-50))
                            .toLongs())
                    .isEqualTo(want);
        }
    }

    private static long reached(float[] probabilities, double uniform) {
        double all = IntStream.range(0, probabilities.length)
                .mapToDouble(i -> probabilities[i])
                .sum();
        double sum = 0;
        for (int i = 0; i < probabilities.length; i++) {
            sum += probabilities[i];
            if (sum > Math.min(uniform, 1 - 0x1p-45) * all) {
                return i;
            }
        }
        throw new AssertionError(uniform);
    }

    @Test
    void what_remains_keeps_its_proportions() {
        long first = Arrays.stream(draws(new Sampler(1, 2, 1, 0), sweep(7000), FOUR))
                .filter(id -> id == 1)
                .count();
        assertThat(first).isBetween(4095L, 4105L);
        long open = Arrays.stream(draws(Sampler.at(1), sweep(10_000), FOUR))
                .filter(id -> id == 1)
                .count();
        assertThat(open).isBetween(4095L, 4105L);
    }

    @Test
    void impossible_tokens_never_come_even_at_the_ends() {
        double[] p = {0, 0.5, 0.5, 0};
        double[] ends = {0, Math.nextDown(1.0)};
        assertThat(draws(Sampler.at(1), ends, p)).containsExactly(1, 2);
        assertThat(draws(new Sampler(1, 3, 0.99, 0), ends, p)).containsExactly(1, 2);
    }

    @Test
    void of_equally_probable_tokens_the_first_ones_are_kept() {
        double[] level = DoubleStream.generate(() -> 0.002).limit(500).toArray();
        assertThat(reachable(new Sampler(1, 3, 1, 0), level)).containsExactly(0L, 1L, 2L);
    }

    /** 1e-37 makes a logit of 20 infinite in F32, 1e-300 is 0 there. */
    @ParameterizedTest
    @ValueSource(doubles = {1e-20, 1e-37, 1e-40, 1e-300, Double.MIN_VALUE})
    void a_temperature_that_is_all_but_0_is_greedy(double temperature) {
        double huge = Math.exp(20);
        for (Sampler sampler : List.of(Sampler.at(temperature), new Sampler(temperature, 2, 0.9, 0.1))) {
            assertThat(draws(sampler, new double[] {0, 0.5, 0.999}, huge, huge * 1.5, huge))
                    .containsOnly(1L);
        }
    }

    /** The model's own nonsense is drawn from, not read beyond. */
    @Test
    void logits_that_are_no_numbers_give_a_token_of_the_vocabulary() {
        for (Sampler sampler : List.of(Sampler.GREEDY, Sampler.at(1), new Sampler(1, 2, 0.9, 0.1))) {
            assertThat(draws(sampler, new double[] {0.5}, Double.NaN, Double.NaN, 0.5)[0])
                    .isBetween(0L, 2L);
        }
    }

    /** Two hundred rows of all kinds: each draws what it draws alone, and what a sorted list of its probabilities gives. */
    @Test
    void each_row_draws_as_by_sorting_whatever_the_rows_beside_it() {
        Random random = new Random(5);
        int n = 200;
        int vocab = 3000;
        List<Sampler> kinds = List.of(
                Sampler.GREEDY,
                Sampler.at(0.7),
                new Sampler(1, 40, 1, 0),
                new Sampler(1.3, 0, 0.9, 0),
                new Sampler(0.8, 0, 1, 0.02),
                new Sampler(1, 300, 0.95, 0.001),
                new Sampler(2, 0, 0.97, 0),
                new Sampler(2, 0, 0.99, 0.0004),
                new Sampler(2, 5000, 0.9, 0));
        List<Sampler> samplers = new ArrayList<>();
        float[] values = new float[n * vocab];
        double[] uniforms = new double[n];
        for (int i = 0; i < n; i++) {
            samplers.add(kinds.get(i % kinds.size()));
            uniforms[i] = random.nextDouble();
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (3 * random.nextGaussian());
        }
        try (Scope _ = Scope.open()) {
            Tensor logits = Tensors.of(values, n, vocab);
            long[] ids = drawn(logits, samplers, uniforms);
            long[] whole = Objects.requireNonNull(
                            TokenDraws.of(logits, samplers, uniforms).whole())
                    .toLongs();
            assertThat(Arrays.stream(whole).sum()).isBetween(n / 2L, n - 30L);
            for (int i = 0; i < n; i++) {
                float[] row = Arrays.copyOfRange(values, i * vocab, (i + 1) * vocab);
                assertThat(ids[i]).as("row %d", i).isEqualTo(bySorting(row, samplers.get(i), uniforms[i]));
                assertThat(drawn(logits.narrow(0, i, 1), List.of(samplers.get(i)), new double[] {uniforms[i]}))
                        .containsExactly(ids[i]);
            }
        }
    }

    /** Rows of one kind each, of which most are hostile to a search for a threshold. */
    private static List<float[]> hostile(int vocab) {
        Random random = new Random(7);
        List<float[]> rows = new ArrayList<>();
        rows.add(row(vocab, _ -> 1f / vocab)); // all equal
        rows.add(row(vocab, i -> i == vocab - 1 ? 1 : 0)); // all in the last
        rows.add(row(vocab, i -> i % 2 == 0 ? 2f / vocab : 0));
        rows.add(row(vocab, i -> i < vocab / 2 ? 1.5f / vocab : 0.5f / vocab)); // two heights
        rows.add(row(vocab, i -> i == 7 ? 1 - 1e-6f : 1e-6f / vocab)); // nearly all in one
        rows.add(row(vocab, i -> i == 3 ? 1 : Float.MIN_VALUE)); // denormal
        rows.add(row(vocab, i -> Math.scalb(1.0, -1 - i))); // halves
        rows.add(row(vocab, i -> (1 + i % 3) / (2.0 * vocab))); // three heights, mixed
        rows.add(row(vocab, _ -> random.nextFloat() * 2 / vocab));
        rows.add(row(vocab, _ -> Math.exp(random.nextGaussian() * 5) / vocab / 1e6));
        return rows;
    }

    private static float[] row(int vocab, IntToDoubleFunction p) {
        float[] row = new float[vocab];
        for (int i = 0; i < vocab; i++) {
            row[i] = (float) p.applyAsDouble(i);
        }
        return row;
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-12, 0.25, 0.5, 0.9, 0.999, 0.9999999, 1 - 0x1p-53, 1})
    void without_sorting_the_same_tokens_are_kept_as_by_sorting(double share) {
        int vocab = 1000;
        List<float[]> rows = hostile(vocab);
        float[] all = new float[rows.size() * vocab];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, all, i * vocab, vocab);
        }
        try (Scope _ = Scope.open()) {
            double[] shares = new double[rows.size()];
            Arrays.fill(shares, share);
            Tensor p = Tensors.of(all, rows.size(), vocab);
            long[] kept =
                    TokenDraws.nucleus(p, Tensors.of(shares, rows.size(), 1)).toLongs();
            for (int i = 0; i < rows.size(); i++) {
                Set<Integer> expected = keptBySorting(rows.get(i), share);
                for (int id = 0; id < vocab; id++) {
                    // whether what cannot come is kept says nothing
                    if (rows.get(i)[id] > 0) {
                        assertThat(kept[i * vocab + id] == 1)
                                .as("row %d, token %d, share %s", i, id, share)
                                .isEqualTo(expected.contains(id));
                    }
                }
            }
        }
    }

    private static Set<Integer> keptBySorting(float[] p, double share) {
        Integer[] order = IntStream.range(0, p.length).boxed().toArray(Integer[]::new);
        Arrays.sort(order, (a, b) -> Float.compare(p[b], p[a]));
        double reach = Arrays.stream(order).mapToDouble(i -> p[i]).sum() * share;
        double sum = 0;
        Set<Integer> kept = new TreeSet<>();
        for (int i = 0; i < order.length && sum < reach; i++) {
            kept.add(order[i]);
            sum += p[order[i]];
        }
        return kept;
    }

    private static long bySorting(float[] logits, Sampler sampler, double uniform) {
        Integer[] order = IntStream.range(0, logits.length).boxed().toArray(Integer[]::new);
        Arrays.sort(order, (a, b) -> Float.compare(logits[b], logits[a]));
        if (sampler.isGreedy()) {
            return order[0];
        }
        double[] p = IntStream.range(0, logits.length)
                .mapToDouble(i -> Math.exp((logits[i] - logits[order[0]]) / sampler.temperature()))
                .toArray();
        List<Integer> kept = new ArrayList<>();
        if (sampler.isOpen()) {
            IntStream.range(0, p.length).forEach(kept::add);
        } else {
            int k = sampler.topK() == 0 ? p.length : sampler.topK();
            double total = Arrays.stream(order).limit(k).mapToDouble(i -> p[i]).sum();
            double sum = 0;
            for (int i = 0; i < k && (i == 0 || sum < sampler.topP() * total); i++) {
                if (p[order[i]] < sampler.minP() * p[order[0]]) {
                    break;
                }
                kept.add(order[i]);
                sum += p[order[i]];
            }
        }
        boolean ranked = sampler.isOpen() || (sampler.topK() > 0 && sampler.topK() < p.length) || kept.size() <= 256;
        if (!ranked) {
            Collections.sort(kept);
        }
        double left = uniform * kept.stream().mapToDouble(i -> p[i]).sum();
        for (int id : kept) {
            left -= p[id];
            if (left < 0) {
                return id;
            }
        }
        return kept.getLast();
    }

    @Test
    void nonsense_is_refused() {
        assertThatThrownBy(() -> Sampler.at(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Sampler.at(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Sampler(1, -1, 1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Sampler(1, 0, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Sampler(1, 0, 1, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Penalties.repetition(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Penalties(1, Double.NaN, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Penalties(1, 0, Double.POSITIVE_INFINITY))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
