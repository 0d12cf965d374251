package cogent.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BlasTest {
    private static final List<String> ZEN_5 =
            List.of("vendor_id\t: AuthenticAMD", "flags\t\t: fpu avx2 avx512f avx512_bf16 avx512_vp2intersect");
    private static final List<String> ZEN_3 = List.of("vendor_id\t: AuthenticAMD", "flags\t\t: fpu avx2");
    private static final List<String> XEON = List.of("vendor_id\t: GenuineIntel", "flags\t\t: fpu avx512f avx512_bf16");

    @Test
    void narrower_kernels_than_the_processor_has_are_told_where_a_variable_asks_for_them_and_they_are_taken() {
        assertThat(Blas.narrowed("Haswell", "Haswell", ZEN_5)).contains("Haswell");
        assertThat(Blas.narrowed("Cooperlake", "Cooperlake", ZEN_5)).isEmpty();
        assertThat(Blas.narrowed(null, "Zen", ZEN_5)).isEmpty();
        assertThat(Blas.narrowed("", "Zen", ZEN_5)).isEmpty();
        assertThat(Blas.narrowed("Haswell", "Haswell", ZEN_3)).isEmpty();
        assertThat(Blas.narrowed("Haswell", "Haswell", XEON)).isEmpty();
        assertThat(Blas.narrowed("Haswell", "Haswell", List.of())).isEmpty();
    }
}
