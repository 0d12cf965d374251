package cogent.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.model.text.Tokenizer;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fresh machine has an empty native cache, and there libtorch's own loading order crashes the JVM. */
class LoadingTest {
    @TempDir
    private Path cache;

    @Test
    void two_processes_may_start_at_once_on_an_empty_cache_and_on_an_interrupted_thread() throws Exception {
        List<Process> both = List.of(child(false), child(true));
        for (Process process : both) {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
            assertThat(output).isEqualTo("3.0 openblas\n");
        }
    }

    /** As where a server deploys an application anew, or two of them beside each other. */
    @Test
    void a_second_class_loader_is_told_what_to_do_each_time() throws Exception {
        Path tiny = Path.of("src/test/resources/tiny-tokenizer");
        Tokenizer.load(tiny).close();
        List<URL> classes = new ArrayList<>();
        for (String path : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            classes.add(Path.of(path).toUri().toURL());
        }
        try (var second = new URLClassLoader(classes.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Method tokenizer = second.loadClass(Tokenizer.class.getName()).getMethod("load", Path.class);
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> tokenizer.invoke(null, tiny))
                        .cause()
                        .hasMessageStartingWith(
                                "the tokenizer's native library cannot be loaded: another class loader of this JVM has it");
            }
        }
    }

    private Process child(boolean interrupted) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m", // JavaCPP's default limit would be four times this: less than libtorch needs
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Dorg.bytedeco.javacpp.cachedir=" + cache,
                        "-Dcogent.mkl=off", // to unpack half as much
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        String.valueOf(interrupted))
                .redirectErrorStream(true)
                .start();
    }

    static final class Child {
        private Child() {}

        public static void main(String[] args) {
            if (Boolean.parseBoolean(args[0])) {
                Thread.currentThread().interrupt();
            }
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
