package cogent.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    private Path folder;

    @Test
    void an_interrupted_thread_writes_a_file_whole_and_stays_interrupted() throws IOException {
        Path target = folder.resolve("rows.jsonl");
        try (AtomicFile file = AtomicFile.create(target)) {
            Thread.currentThread().interrupt();
            file.stream().write(new byte[200_000]);
            file.commit();
        }
        assertThat(Thread.interrupted()).isTrue();
        assertThat(target).hasSize(200_000);
        assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void no_device_or_pipe_is_replaced_by_a_file() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertThatThrownBy(() -> AtomicFile.write(pipe, "rows"))
                .isInstanceOf(InputException.class)
                .hasMessage(pipe + ": is a device or a pipe, a file name is needed");
        assertThatThrownBy(() -> AtomicFile.write(folder, "rows")).hasMessageContaining("is a folder");
        assertThat(Files.isRegularFile(pipe)).isFalse();
        assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void work_whose_file_an_interrupt_closes_is_begun_again_and_the_thread_stays_interrupted() throws IOException {
        Path target = folder.resolve("weights");
        List<Integer> begun = new ArrayList<>();
        Uninterrupted.run(() -> {
            begun.add(begun.size());
            try (var channel = FileChannel.open(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                if (begun.size() == 1) {
                    Thread.currentThread().interrupt();
                }
                channel.write(ByteBuffer.wrap(new byte[3]));
            }
        });
        assertThat(Thread.interrupted()).isTrue();
        assertThat(begun).hasSize(2);
        assertThat(Files.size(target)).isEqualTo(3);
    }
}
