package cogent.model.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SamplerTest {
    /** Which tokens can come, found by sweeping the uniform number. */
    private static Set<Integer> reachable(Sampler sampling, float... p) {
        Set<Integer> ids = new TreeSet<>();
        for (int i = 0; i < 10_000; i++) {
            ids.add(sampling.draw(p, 0, p.length, i / 10_000.0));
        }
        return ids;
    }

    @Test
    void top_k_keeps_the_k_most_probable() {
        assertThat(reachable(new Sampler(1, 2, 1, 0), 0.1f, 0.4f, 0.2f, 0.3f)).containsExactly(1, 3);
        assertThat(reachable(new Sampler(1, 1, 1, 0), 0.1f, 0.4f, 0.2f, 0.3f)).containsExactly(1);
        assertThat(reachable(new Sampler(1, 9, 1, 0), 0.1f, 0.4f, 0.2f, 0.3f)).containsExactly(0, 1, 2, 3);
    }

    @Test
    void top_p_keeps_the_fewest_that_reach_the_share() {
        assertThat(reachable(new Sampler(1, 0, 0.6, 0), 0.1f, 0.4f, 0.2f, 0.3f)).containsExactly(1, 3);
        assertThat(reachable(new Sampler(1, 0, 0.75, 0), 0.1f, 0.4f, 0.2f, 0.3f))
                .containsExactly(1, 2, 3);
        assertThat(reachable(new Sampler(1, 0, 0.01, 0), 0.1f, 0.4f, 0.2f, 0.3f))
                .containsExactly(1);
    }

    @Test
    void top_p_counts_shares_of_what_top_k_left() {
        // of 0.4 and 0.3 the first has 57 %
        assertThat(reachable(new Sampler(1, 2, 0.55, 0), 0.1f, 0.4f, 0.2f, 0.3f))
                .containsExactly(1);
        assertThat(reachable(new Sampler(1, 2, 0.6, 0), 0.1f, 0.4f, 0.2f, 0.3f)).containsExactly(1, 3);
    }

    @Test
    void min_p_is_relative_to_the_most_probable() {
        assertThat(reachable(new Sampler(1, 0, 1, 0.5), 0.1f, 0.4f, 0.2f, 0.3f)).containsExactly(1, 2, 3);
        assertThat(reachable(new Sampler(1, 0, 1, 0.51), 0.1f, 0.4f, 0.2f, 0.3f))
                .containsExactly(1, 3);
    }

    @Test
    void what_remains_keeps_its_proportions() {
        float[] p = {0.1f, 0.4f, 0.2f, 0.3f};
        Random random = new Random(1);
        int first = 0;
        for (int i = 0; i < 70_000; i++) {
            first += new Sampler(1, 2, 1, 0).draw(p, 0, 4, random.nextDouble()) == 1 ? 1 : 0;
        }
        assertThat(first).isBetween(39_500, 40_500);
    }

    @Test
    void impossible_tokens_never_come_even_at_the_ends() {
        float[] p = {0, 0.5f, 0.5f, 0};
        assertThat(Sampler.at(1).draw(p, 0, 4, 0)).isEqualTo(1);
        assertThat(Sampler.at(1).draw(p, 0, 4, Math.nextDown(1.0))).isEqualTo(2);
        assertThat(new Sampler(1, 3, 0.99, 0).draw(p, 0, 4, Math.nextDown(1.0))).isEqualTo(2);
        assertThat(Sampler.at(1).draw(new float[] {9, 9, 0, 0.5f, 0.5f, 0, 9}, 2, 4, 0))
                .isEqualTo(1);
    }

    /** A heap and an early cut must choose as a full sort does. */
    @Test
    void large_vocabularies_are_cut_as_by_sorting() {
        Random random = new Random(5);
        float[] p = new float[5000];
        double total = 0;
        for (int i = 0; i < p.length; i++) {
            p[i] = (float) Math.exp(3 * random.nextGaussian());
            total += p[i];
        }
        for (int i = 0; i < p.length; i++) {
            p[i] /= (float) total;
        }
        Integer[] sorted = java.util.stream.IntStream.range(0, p.length).boxed().toArray(Integer[]::new);
        java.util.Arrays.sort(sorted, java.util.Comparator.comparingDouble(i -> -p[i]));
        double sum = 0;
        int n = 0;
        while (sum < 0.9) {
            sum += p[sorted[n++]];
        }
        for (int i = 0; i < 500; i++) {
            int drawn = new Sampler(1, 0, 0.9, 0).draw(p, 0, p.length, random.nextDouble());
            assertThat(p[drawn]).isGreaterThanOrEqualTo(p[sorted[n - 1]]);
            drawn = new Sampler(1, 40, 1, 0).draw(p, 0, p.length, random.nextDouble());
            assertThat(p[drawn]).isGreaterThanOrEqualTo(p[sorted[39]]);
        }
    }

    @Test
    void nonsense_is_refused() {
        assertThatThrownBy(() -> Sampler.at(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Sampler.at(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Sampler(1, -1, 1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Sampler(1, 0, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Sampler(1, 0, 1, 2)).isInstanceOf(IllegalArgumentException.class);
    }
}
