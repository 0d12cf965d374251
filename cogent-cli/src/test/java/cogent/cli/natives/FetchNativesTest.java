package cogent.cli.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.InputException;
import cogent.data.Sha256;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FetchNativesTest {
    private static final String PATH = "org/example/torch/1/torch-1-linux.jar";

    @TempDir
    private Path folder;

    private final StringWriter said = new StringWriter();
    private Path repository;
    private Path natives;
    private FetchNatives fetch;
    private NativeJar jar;

    @BeforeEach
    void a_repository_with_one_jar() throws IOException {
        repository = folder.resolve("repository");
        natives = folder.resolve("cache/natives");
        Path file = repository.resolve(PATH);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "native code");
        jar = new NativeJar(Sha256.hex(file), PATH);
        fetch = new FetchNatives(repository.toUri(), new PrintWriter(said, true));
    }

    @Test
    void what_is_missing_is_fetched_once() throws IOException {
        fetch.into(natives, List.of(jar));
        Files.delete(repository.resolve(PATH));
        fetch.into(natives, List.of(jar));
        assertThat(natives.resolve("torch-1-linux.jar")).hasContent("native code");
        assertThat(said.toString()).containsOnlyOnce("torch-1-linux.jar (1 MB)");
    }

    @Test
    void other_bytes_than_the_list_names_are_refused_and_not_kept() throws IOException {
        Files.writeString(repository.resolve(PATH), "another thing");
        assertThatThrownBy(() -> fetch.into(natives, List.of(jar)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is not the file that belongs to this version");
        assertThat(left()).isEmpty();
    }

    @Test
    void a_mirror_that_lacks_a_jar_is_told_and_the_others_are_kept() {
        NativeJar absent = new NativeJar("0".repeat(64), "org/example/blas/1/blas-1-linux.jar");
        assertThatThrownBy(() -> fetch.into(natives, List.of(jar, absent)))
                .hasMessageContaining("blas-1-linux.jar cannot be fetched")
                .hasMessageContaining("COGENT_MAVEN");
        assertThat(left()).containsExactly("torch-1-linux.jar");
    }

    @Test
    void a_folder_that_cannot_be_made_is_told() throws IOException {
        Files.writeString(folder.resolve("cache"), "a file");
        assertThatThrownBy(() -> fetch.into(natives, List.of(jar)))
                .hasMessageContaining("cannot be written")
                .hasMessageContaining("COGENT_NATIVES");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "abc a.jar",
                "0000000000000000000000000000000000000000000000000000000000000000 ../a.jar",
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0000000000000000000000000000000000000000000000000000000000000000 /a.jar"
            })
    void a_damaged_list_is_refused(String line) throws IOException {
        Path list = Files.writeString(folder.resolve("natives.txt"), line + "\n");
        assertThatThrownBy(() -> NativeJar.list(list)).hasMessageContaining("natives.txt is damaged");
    }

    private List<String> left() {
        try (Stream<Path> files = Files.list(natives)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals(".lock"))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
