package cogent.train.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.InputException;
import cogent.model.decoder.LanguageModel;
import cogent.model.hf.Checksums;
import cogent.model.tensor.Ranks;
import cogent.train.Tiny;
import cogent.train.forward.TrainableModel;
import cogent.train.optim.OptimiserSettings;
import cogent.train.rows.BatchSize;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints on a disk that forgets: told, set aside, and the run ends as if nothing had happened. */
class DamagedCheckpointTest {
    private static final TrainSettings SETTINGS = TrainSettings.sft()
            .withBatch(new BatchSize.Rows(6))
            .withMaxSteps(12)
            .withOptimiser(OptimiserSettings.of(0.02))
            .withCheckpoints(4, 2);

    @TempDir
    Path folder;

    private final List<String> notes = new ArrayList<>();
    private byte[] straight = {};

    @BeforeEach
    void a_run_that_was_stopped_behind_its_second_checkpoint() throws IOException {
        train(folder.resolve("straight"), 99);
        straight =
                Files.readAllBytes(folder.resolve("straight").resolve("checkpoints/step-00000012/weights.safetensors"));
        train(run(), 8);
        notes.clear();
    }

    @ParameterizedTest
    @ValueSource(strings = {"weights.safetensors", "optimiser.safetensors", "state.json"})
    void one_changed_bit_in_the_newest_is_told_and_the_older_one_continued_from(String file) throws IOException {
        flip(run().resolve("checkpoints/step-00000008").resolve(file));
        List<Integer> steps = train(run(), 99);
        assertThat(steps.getFirst()).isEqualTo(5);
        assertThat(notes)
                .singleElement()
                .asString()
                .contains("step-00000008 is damaged")
                .contains(file);
        assertThat(run().resolve("checkpoints/damaged-step-00000008")).isDirectory();
        assertEndsTheSame();
    }

    @Test
    void a_cut_off_or_missing_file_is_damage_too() throws IOException {
        Path newest = run().resolve("checkpoints/step-00000008");
        Files.delete(newest.resolve("optimiser.safetensors"));
        Files.write(newest.resolve("state.json"), new byte[0]);
        assertThat(train(run(), 99).getFirst()).isEqualTo(5);
        assertThat(notes.getFirst()).contains("optimiser.safetensors is missing", "state.json has changed");
        assertEndsTheSame();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"step\": \"eight\"}", "null", "[]"})
    void an_unreadable_state_without_hashes_is_a_message_and_no_stack_trace(String state) throws IOException {
        Path newest = run().resolve("checkpoints/step-00000008");
        Files.delete(newest.resolve(Checksums.FILE));
        Files.writeString(newest.resolve("state.json"), state);
        assertThat(train(run(), 99).getFirst()).isEqualTo(5);
        assertThat(notes.getFirst()).contains("state.json cannot be read");
        assertEndsTheSame();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"step\":8=\"step\":3",
                "\"step\":8=\"step\":-8",
                "\"tokens\":=\"tokens\":-",
                "\"metricsPosition\":=\"metricsPosition\":-",
                "\"skipped\":0=\"skipped\":9",
                "\"carried\":[]=\"carried\":null",
                "\"carried\":[]=\"carried\":[null]"
            })
    void a_state_that_is_none_of_its_checkpoint_is_damage(String change) throws IOException {
        Path newest = run().resolve("checkpoints/step-00000008");
        Files.delete(newest.resolve(Checksums.FILE));
        String before = Files.readString(newest.resolve("state.json"));
        String after =
                before.replace(change.substring(0, change.indexOf('=')), change.substring(change.indexOf('=') + 1));
        assertThat(after).isNotEqualTo(before);
        Files.writeString(newest.resolve("state.json"), after);
        assertThat(train(run(), 99).getFirst()).isEqualTo(5);
        assertThat(notes.getFirst()).contains("state.json cannot be read");
        assertEndsTheSame();
    }

    @Test
    void hashes_that_name_nothing_prove_nothing() throws IOException {
        Files.writeString(run().resolve("checkpoints/step-00000008").resolve(Checksums.FILE), "");
        assertThat(train(run(), 99).getFirst()).isEqualTo(5);
        assertThat(notes.getFirst()).contains("weights.safetensors is not named in SHA256SUMS");
        assertEndsTheSame();
    }

    @Test
    void with_none_left_whole_the_run_begins_anew_and_says_so() throws IOException {
        flip(run().resolve("checkpoints/step-00000004/weights.safetensors"));
        flip(run().resolve("checkpoints/step-00000008/weights.safetensors"));
        assertThat(train(run(), 99).getFirst()).isEqualTo(1);
        assertThat(notes.getFirst())
                .contains("step-00000004")
                .contains("step-00000008")
                .contains("begins anew");
        assertEndsTheSame();
    }

    @Test
    void a_checkpoint_of_an_earlier_version_without_hashes_is_still_continued_from() throws IOException {
        Files.delete(run().resolve("checkpoints/step-00000008").resolve(Checksums.FILE));
        assertThat(train(run(), 99).getFirst()).isEqualTo(9);
        assertThat(notes).isEmpty();
        assertEndsTheSame();
    }

    @Test
    void a_whole_checkpoint_of_another_run_is_refused_and_stays() {
        try (LanguageModel model = Tiny.model(true)) {
            assertThatThrownBy(() -> Sft.train(
                            TrainableModel.all(model),
                            Ranks.alone(),
                            Tiny.rows(20),
                            List.of(),
                            SETTINGS,
                            files(run()),
                            () -> false,
                            _ -> {}))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("belongs to a run with other rows");
        }
        assertThat(run().resolve("checkpoints/step-00000008")).isDirectory();
    }

    private void assertEndsTheSame() throws IOException {
        assertThat(run().resolve("checkpoints/step-00000012/weights.safetensors"))
                .hasBinaryContent(straight);
        try (Stream<String> lines = Files.lines(files(run()).metrics())) {
            assertThat(lines).hasSize(12);
        }
    }

    /** @return the steps that were taken */
    private List<Integer> train(Path run, int stopAt) {
        List<Integer> steps = new ArrayList<>();
        try (LanguageModel model = Tiny.model(true)) {
            Sft.train(model, Tiny.rows(30), SETTINGS, files(run), () -> steps.size() >= stopAt, p -> {
                steps.add(p.step());
                if (!p.note().isEmpty()) {
                    notes.add(p.note());
                }
            });
        }
        return steps;
    }

    private Path run() {
        return folder.resolve("run");
    }

    private static TrainFiles files(Path run) {
        return TrainFiles.in(run);
    }

    private static void flip(Path file) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(bytes.length() - 2);
            int last = bytes.read();
            bytes.seek(bytes.length() - 2);
            bytes.write(last ^ 1);
        }
    }
}
