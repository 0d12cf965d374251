package cogent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.cli.Cogent.Child;
import cogent.cli.Cogent.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training that did not fit: what only says how to compute is lowered, and the same command goes on. */
class ContinuedTrainingTest {
    private static final int STEPS = 60;

    @TempDir
    Path folder;

    private Path recipe;

    @BeforeEach
    void a_recipe_with_rows_of_its_own() throws IOException {
        Cogent.run("init", "--playground", folder.resolve("student"));
        Path sft = Files.write(
                folder.resolve("mine.jsonl"),
                IntStream.range(0, 40)
                        .mapToObj(i -> "{\"prompt\":\"Tom has " + i + "\",\"completion\":\"" + i + " and more\"}")
                        .toList());
        Path pairs = Files.write(
                folder.resolve("pairs.jsonl"),
                IntStream.range(0, 40)
                        .mapToObj(i -> "{\"prompt\":\"Tom has " + i + "\",\"chosen\":\"" + i + "\",\"rejected\":\""
                                + (i + 1) + "\",\"beta\":0.1}")
                        .toList());
        recipe = Files.writeString(folder.resolve("x.yaml"), """
                runs: %s
                threads: 1
                student: {model: %s}
                sft: {rows: %s, max_steps: %d, checkpoint_steps: 5}
                align: {rows: %s, max_steps: %d, checkpoint_steps: 5}
                """.formatted(
                        folder.resolve("runs"), folder.resolve("student"), sft, STEPS, pairs, STEPS));
    }

    @Test
    void sft_goes_on_after_a_kill_with_smaller_batches_at_once() throws IOException, InterruptedException {
        goesOn("sft", "sft");
    }

    @Test
    void alignment_goes_on_after_a_kill_with_smaller_batches_at_once() throws IOException, InterruptedException {
        assertThat(Cogent.run("sft", recipe, "--set", "sft.max_steps=1").code()).isZero();
        goesOn("align", "align", "--set", "sft.max_steps=1");
    }

    private void goesOn(String stage, String... command) throws IOException, InterruptedException {
        List<Object> args = new ArrayList<>(List.of((Object[]) command));
        args.add(1, recipe);
        Path checkpoints = folder.resolve("runs/x/checkpoints").resolve(stage);
        Child child = Cogent.start(folder, args.toArray());
        assertThat(child.waitFor(() -> !steps(checkpoints).isEmpty())).isTrue();
        child.signal("KILL");
        child.end();
        Path metrics = folder.resolve("runs/x/metrics").resolve(stage + ".jsonl");
        List<String> before =
                Files.readAllLines(metrics).subList(0, steps(checkpoints).getLast());

        for (String how : List.of("micro_batch_tokens=32", "layout=padded", "recompute=1")) {
            args.addAll(List.of("--set", stage + "." + how));
        }
        Ran ran = Cogent.run(args.toArray());
        assertThat(ran.code()).as(ran.err()).isZero();
        // lines hold times: those from before are there only when nothing was started anew
        assertThat(Files.readAllLines(metrics)).hasSize(STEPS).startsWith(before.toArray(String[]::new));
        Ran again = Cogent.run(args.subList(0, command.length + 1).toArray());
        assertThat(again.err()).contains("done before");
    }

    /** Of the checkpoints that are whole. */
    private static List<Integer> steps(Path checkpoints) throws IOException {
        if (!Files.isDirectory(checkpoints)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(checkpoints)) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.matches("step-\\d+"))
                    .map(name -> Integer.parseInt(name.substring("step-".length())))
                    .sorted()
                    .toList();
        }
    }
}
