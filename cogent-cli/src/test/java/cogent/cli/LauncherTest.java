package cogent.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./cogent} of a checkout that is built, with a program in place of ours that says what reaches it. */
class LauncherTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    @BeforeEach
    void a_built_checkout() throws Exception {
        Path checkout = Files.createDirectories(folder.resolve("checkout"));
        Path lib = Files.createDirectories(checkout.resolve("cogent-cli/target/app/lib"));
        Files.createDirectory(checkout.resolve("scripts"));
        Files.copy(ROOT.resolve("cogent"), checkout.resolve("cogent"));
        for (String script : List.of("jdk.sh", "environment.sh", "jvm.args")) {
            Files.copy(
                    ROOT.resolve("scripts").resolve(script),
                    checkout.resolve("scripts").resolve(script));
        }
        jar(lib.resolve("program.jar"));
        Files.writeString(checkout.resolve("pom.xml"), "<project/>");
        Files.writeString(lib.resolveSibling("jars"), "program.jar\n");
        Files.writeString(lib.resolveSibling("built"), "");
    }

    @Test
    void a_checkout_that_was_moved_works_as_it_is() throws Exception {
        assertThat(run("mv checkout moved; ./moved/cogent pom.xml; cd moved; ./cogent pom.xml"))
                .isEqualTo("pom.xml false\npom.xml true\n");
        assertThat(run("mv moved 'in ein Häuschen gezogen'; ln -s 'in ein Häuschen gezogen/cogent' c; ./c c"))
                .isEqualTo("c true\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LC_ALL=C",
                "LC_ALL=POSIX",
                "LC_ALL=xx_XX.UTF-8",
                "LC_ALL= LC_CTYPE=C",
                "LC_ALL= LC_CTYPE= LANG=C",
                "LC_ALL=C.UTF-8"
            })
    void umlauts_in_paths_arrive_in_every_locale(String locale) throws Exception {
        assertThat(run("mkdir Bücher; : > 'Bücher/日本 größer.txt'; env " + locale
                        + " ./checkout/cogent 'Bücher/日本 größer.txt'"))
                .isEqualTo("Bücher/日本 größer.txt true\n");
    }

    /** The shell gets the bytes of a file: what this process makes of an umlaut is its own locale's matter. */
    private String run(String script) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("script.sh"), script);
        ProcessBuilder builder = new ProcessBuilder("sh", file.toString())
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().remove("MAVEN_ARGS"); // or the checkout would be built anew for them
        Process shell = builder.start();
        String said = new String(shell.getInputStream().readAllBytes(), UTF_8);
        assertThat(shell.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return said;
    }

    private void jar(Path jar) throws IOException {
        Path source =
                Files.createDirectories(folder.resolve("source/cogent/cli")).resolve("Main.java");
        Files.writeString(source, """
                package cogent.cli;
                public class Main {
                    public static void main(String[] args) {
                        System.out.println(args[0] + " " + java.nio.file.Files.exists(java.nio.file.Path.of(args[0])));
                    }
                }
                """);
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, source.toString()))
                .isZero();
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out)) {
            entries.putNextEntry(new JarEntry("cogent/cli/Main.class"));
            entries.write(Files.readAllBytes(source.resolveSibling("Main.class")));
        }
    }
}
