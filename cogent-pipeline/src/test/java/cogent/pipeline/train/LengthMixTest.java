package cogent.pipeline.train;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.train.rows.Example;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LengthMixTest {
    private final List<Example> rows = new ArrayList<>();

    private void row(int prompt, int length) {
        rows.add(new Example("row " + rows.size(), new int[] {prompt}, new int[length]));
    }

    private List<Example> left(double share, long seed) {
        List<Integer> all = IntStream.range(0, rows.size()).boxed().toList();
        Set<Integer> out = new LengthMix(share, seed).surplus(rows, all);
        return all.stream().filter(row -> !out.contains(row)).map(rows::get).toList();
    }

    @Test
    void one_long_rationale_comes_to_four_short_ones_whatever_its_problem_takes() {
        for (int prompt = 0;
                prompt < 40;
                prompt++) { // the short one of a hard problem is longer than the long one of an easy one
            row(prompt, prompt + 10);
            row(prompt, 3 * prompt + 12);
        }
        List<Example> left = left(0.2, 7);
        assertThat(left)
                .hasSize(50)
                .filteredOn(row -> rows.indexOf(row) % 2 == 0)
                .hasSize(40);
        assertThat(left(0.2, 7)).isEqualTo(left);
        assertThat(left(0.2, 8)).isNotEqualTo(left).hasSize(50);
    }

    @Test
    void rationales_without_a_rival_are_long_beyond_the_median_of_their_like() {
        for (int prompt = 0; prompt < 24; prompt++) {
            row(prompt, prompt + 1);
        }
        assertThat(left(0.2, 7))
                .hasSize(15)
                .filteredOn(row -> row.completion().length <= 12)
                .hasSize(12);
        assertThat(left(0.8, 7))
                .hasSize(15)
                .filteredOn(row -> row.completion().length > 12)
                .hasSize(12);
    }

    @Test
    void what_is_of_one_length_stays_as_it_is() {
        row(1, 5);
        row(2, 5);
        row(2, 5);
        assertThat(left(0.2, 7)).hasSize(3);
    }
}
