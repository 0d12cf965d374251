package cogent.model.generate;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.model.generate.NextTokens.Chosen;
import cogent.model.tensor.DType;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensors;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NextTokensTest {
    private static GenerationRow row(Sampler sampler, long seed) {
        return new GenerationRow(0, new Generation(new int[] {1}, 9, sampler, Set.of(), seed), 10);
    }

    /** A model that knows nothing: nine tenths of a thousand tokens are more than are ranked at first. */
    @Test
    void a_nucleus_of_any_size_is_drawn_from_whole() {
        try (Scope _ = Scope.open()) {
            List<GenerationRow> rows = IntStream.range(0, 400)
                    .mapToObj(seed -> row(new Sampler(1, 0, 0.9, 0), seed))
                    .toList();
            List<Integer> drawn = NextTokens.of(Tensors.zeros(DType.F32, 400, 1000), rows).stream()
                    .map(Chosen::id)
                    .toList();
            assertThat(drawn).allMatch(id -> id < 900).anyMatch(id -> id > 850);
            assertThat(NextTokens.of(Tensors.zeros(DType.F32, 1, 1000), List.of(row(new Sampler(1, 0, 0.9, 0), 399)))
                            .getFirst()
                            .id())
                    .isEqualTo(drawn.get(399));
        }
    }
}
