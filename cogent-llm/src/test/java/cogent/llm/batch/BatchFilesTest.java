package cogent.llm.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.llm.ChatException;
import cogent.llm.ChatModel;
import cogent.llm.ChatRequest;
import cogent.llm.meter.Budget;
import cogent.llm.openai.Endpoint;
import cogent.llm.run.ChatModels;
import cogent.llm.store.RunDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a wave's calls are spread over files. */
final class BatchFilesTest {
    private static final int ONE = 400; // bytes of a call, about

    @TempDir
    Path folder;

    /** Asks each model for so many replies, in turns. */
    private List<BatchWave.RequestFile> wave(int mostCalls, long mostBytes, int calls, int length, String... models) {
        try (RunDatabase database = RunDatabase.open(folder);
                BatchWave wave = new BatchWave(database, folder.resolve("out"), "x", false, 0.5, mostCalls, mostBytes);
                ChatModels chats = ChatModels.batched(database, Budget.UNLIMITED, wave)) {
            for (int i = 0; i < calls; i++) {
                for (String model : models) {
                    ChatModel chat = chats.connect(Endpoint.at("http://127.0.0.1:1/v1", model));
                    ChatRequest request = ChatRequest.of("critic", i + "é".repeat(length / 2));
                    assertThatThrownBy(() -> chat.chat(request))
                            .isInstanceOfSatisfying(
                                    ChatException.class,
                                    e -> assertThat(e.kind()).isEqualTo(ChatException.Kind.PENDING));
                }
            }
            return wave.finish().files();
        }
    }

    @Test
    void a_file_holds_no_more_calls_than_the_provider_takes() throws IOException {
        List<BatchWave.RequestFile> files = wave(3, 1_000_000, 7, 10, "m");
        assertThat(files).extracting(BatchWave.RequestFile::calls).containsExactly(3L, 3L, 1L);
        assertThat(files)
                .extracting(file -> String.valueOf(file.path().getFileName()))
                .containsExactly("x-001-m.jsonl", "x-001-m-2.jsonl", "x-001-m-3.jsonl");
        assertThat(lines(files)).hasSize(7).doesNotHaveDuplicates();
    }

    @Test
    void a_file_is_no_larger_than_the_provider_takes() throws IOException {
        List<BatchWave.RequestFile> files = wave(50_000, 5 * ONE, 30, ONE / 2, "m");
        assertThat(files).hasSizeGreaterThan(2);
        for (BatchWave.RequestFile file : files) {
            assertThat(Files.size(file.path())).isEqualTo(file.bytes()).isLessThanOrEqualTo(5 * ONE);
        }
        assertThat(lines(files)).hasSize(30).doesNotHaveDuplicates();
    }

    @Test
    void every_model_has_files_of_its_own_however_alike_their_names() throws IOException {
        List<BatchWave.RequestFile> files = wave(2, 1_000_000, 3, 10, "org/QwQ", "org/qwq", "org qwq");
        assertThat(files).hasSize(6).extracting(BatchWave.RequestFile::path).doesNotHaveDuplicates();
        for (BatchWave.RequestFile file : files) {
            assertThat(Files.readAllLines(file.path()))
                    .allMatch(line -> line.contains("\"model\":\"" + file.model() + "\""));
        }
        assertThat(lines(files)).hasSize(9).doesNotHaveDuplicates();
    }

    private static List<String> lines(List<BatchWave.RequestFile> files) throws IOException {
        List<String> lines = new ArrayList<>();
        for (BatchWave.RequestFile file : files) {
            lines.addAll(Files.readAllLines(file.path()));
        }
        return lines;
    }
}
