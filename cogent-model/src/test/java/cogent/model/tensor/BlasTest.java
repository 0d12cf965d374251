package cogent.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlasTest {
    private static final List<String> ZEN_5 =
            List.of("vendor_id\t: AuthenticAMD", "flags\t\t: fpu avx2 avx512f avx512_bf16 avx512_vp2intersect");
    private static final List<String> ZEN_3 = List.of("vendor_id\t: AuthenticAMD", "flags\t\t: fpu avx2");
    private static final List<String> XEON = List.of("vendor_id\t: GenuineIntel", "flags\t\t: fpu avx512f avx512_bf16");

    @Test
    void a_library_has_one_folder_wherever_its_jar_lies(@TempDir Path folder) throws IOException {
        URL here = Files.write(folder.resolve("here"), new byte[5]).toUri().toURL();
        URL there = Files.write(folder.resolve("there"), new byte[5]).toUri().toURL();
        URL another =
                Files.write(folder.resolve("another"), new byte[6]).toUri().toURL();
        assertThat(Blas.folder(here)).isEqualTo(Blas.folder(there)).isNotEqualTo(Blas.folder(another));
    }

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
