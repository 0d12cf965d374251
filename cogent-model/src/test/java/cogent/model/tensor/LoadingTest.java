package cogent.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fresh machine has an empty native cache, and there libtorch's own loading order crashes the JVM. */
class LoadingTest {
    @TempDir
    private Path cache;

    @Test
    void two_processes_may_start_at_once_on_an_empty_cache() throws Exception {
        List<Process> both = List.of(child(), child());
        for (Process process : both) {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
            assertThat(output).isEqualTo("3.0 openblas\n");
        }
    }

    private Process child() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m", // JavaCPP's default limit would be four times this: less than libtorch needs
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Dorg.bytedeco.javacpp.cachedir=" + cache,
                        "-Dcogent.mkl=off", // to unpack half as much
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName())
                .redirectErrorStream(true)
                .start();
    }

    static final class Child {
        private Child() {}

        public static void main(String[] args) {
            try (Scope _ = Scope.open()) {
                LibTorch.threads(1);
                double sum = Tensors.full(1, DType.F32, 300, 1)
                        .transpose(0, 1)
                        .matmul(Tensors.full(0.01, DType.F32, 300, 1))
                        .item();
                System.out.println(Math.round(sum * 1e4) / 1e4 + " " + LibTorch.blas());
            }
        }
    }
}
