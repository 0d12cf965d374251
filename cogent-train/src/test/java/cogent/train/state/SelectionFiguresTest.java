package cogent.train.state;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.model.decoder.LanguageModel;
import cogent.model.tensor.Ranks;
import cogent.train.Tiny;
import cogent.train.forward.RankSurprisal;
import cogent.train.rows.Example;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelectionFiguresTest {
    private final List<Example> rows = Tiny.rows(150);
    private final LanguageModel model = Tiny.model(true);
    private final List<Integer> done = new ArrayList<>();

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        model.close();
    }

    private Optional<List<RankSurprisal>> measured(
            List<Example> of, double possible, String store, BooleanSupplier stop) {
        done.clear();
        return SelectionFigures.of(model, of, possible, 200, folder.resolve(store), Ranks.alone(), stop, done::add);
    }

    @Test
    void what_was_stopped_goes_on_to_the_very_same_figures() {
        List<RankSurprisal> straight =
                measured(rows, 0.01, "straight", () -> false).orElseThrow();
        assertThat(done).containsExactly(64, 128, 150);

        assertThat(measured(rows, 0.01, "cut", () -> done.size() == 2)).isEmpty();
        assertThat(measured(rows, 0.01, "cut", () -> false)).contains(straight);
        assertThat(done).as("only the last part was left").containsExactly(150);
    }

    @Test
    void an_interrupt_does_no_harm() {
        List<RankSurprisal> straight =
                measured(rows, 0.01, "straight", () -> false).orElseThrow();
        Thread.currentThread().interrupt();
        assertThat(measured(rows, 0.01, "interrupted", () -> false)).contains(straight);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(measured(rows, 0.01, "interrupted", () -> false)).contains(straight);
        assertThat(done).as("all was kept").isEmpty();
    }

    @Test
    void figures_are_found_by_the_row_and_not_by_where_it_stands() {
        List<RankSurprisal> measured =
                measured(rows, 0.01, "store", () -> false).orElseThrow();

        assertThat(measured(rows.reversed(), 0.01, "store", () -> false)).contains(measured.reversed());
        assertThat(done).isEmpty();
    }

    @Test
    void another_bound_is_another_measure() {
        List<RankSurprisal> one = measured(rows, 0.01, "store", () -> false).orElseThrow();
        List<RankSurprisal> other = measured(rows, 0.2, "store", () -> false).orElseThrow();

        assertThat(done).isNotEmpty();
        assertThat(other).isNotEqualTo(one);
    }

    @Test
    void a_record_torn_by_a_kill_is_measured_again() throws IOException {
        List<RankSurprisal> measured =
                measured(rows, 0.01, "store", () -> false).orElseThrow();
        try (Stream<Path> files = Files.list(folder.resolve("store"));
                FileChannel file = FileChannel.open(files.findFirst().orElseThrow(), StandardOpenOption.WRITE)) {
            file.truncate(file.size() - 5);
        }

        assertThat(measured(rows, 0.01, "store", () -> false)).contains(measured);
        assertThat(done).containsExactly(150);
        assertThat(measured(rows, 0.01, "store", () -> false)).contains(measured);
        assertThat(done).isEmpty();
    }
}
