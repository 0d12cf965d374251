package cogent.pipeline.run;

import cogent.data.AtomicFile;
import cogent.data.InputException;
import cogent.llm.store.RunDatabase;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.RecipeReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What a run leaves, and where: the one place that knows the names of its files. */
public record RunDirectory(Path root) {

    public static RunDirectory of(Recipe recipe) {
        return new RunDirectory(Path.of(recipe.runs(), recipe.name()));
    }

    /**
     * Opens what holds the run's calls and samples; this process then holds the directory.
     *
     * @throws InputException when another process holds it, or it cannot be opened
     */
    public RunDatabase open(Recipe recipe) {
        return recipe.sharedStore().map(store -> store.open(root)).orElseGet(() -> openOwn());
    }

    private RunDatabase openOwn() {
        if (RunDatabase.isShared(root)) {
            throw new InputException(root + " was begun with a store, which the recipe does not name any more. Name it"
                    + " again, or give the recipe another name.");
        }
        return RunDatabase.open(root);
    }

    /** Whether a curation has begun here. */
    public boolean isBegun() {
        return RunDatabase.exists(root);
    }

    /**
     * The recipe of a run that is there, whatever its folder is called by now.
     *
     * @throws InputException when there is none, or an earlier version of Cogent made the run
     */
    public Recipe readRecipe() {
        if (!Files.exists(recipe())) {
            throw new InputException(root + " is no run directory: there is no recipe.yaml in it");
        }
        requireCurrent();
        return RecipeReader.read(recipe(), List.of());
    }

    /**
     * Names and results of earlier versions are not these: a run of theirs is refused before it is misread.
     *
     * @throws InputException when this is one
     */
    public void requireCurrent() {
        try (Stream<Path> manifests =
                Files.isDirectory(root.resolve("stages")) ? Files.list(root.resolve("stages")) : Stream.<Path>empty()) {
            manifests.filter(file -> file.toString().endsWith(".json")).sorted().forEach(Manifest::read);
        } catch (IOException e) {
            throw new UncheckedIOException(root + ": cannot be listed", e);
        }
    }

    /** Writes the recipe as resolved. */
    public void write(Recipe recipe) {
        AtomicFile.write(recipe(), RecipeReader.toYaml(recipe));
    }

    /** Removes a folder and all that is in it, if it is there. */
    public static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be removed", e);
        }
    }

    public Path recipe() {
        return root.resolve("recipe.yaml");
    }

    /** SQLite: every agent call and sample state. */
    public Path database() {
        return root.resolve("run.db");
    }

    /** The playground's corpus, where the recipe asks for it. */
    public Path corpus() {
        return root.resolve("playground/corpus.jsonl");
    }

    public Path heldOut() {
        return root.resolve("playground/held-out.jsonl");
    }

    /** The problems of the corpus that are kept out of every training, where the recipe asks for it. */
    public Path keptBack() {
        return root.resolve("held-out.jsonl");
    }

    /** What the agents said on the rationales labelled by hand. */
    public Path agentsCheck() {
        return root.resolve("agents-check");
    }

    /** The playground's untrained student. */
    public Path student() {
        return root.resolve("playground/student");
    }

    /** The rationales that the corpus lacked, or why there is none. */
    public Path authored() {
        return root.resolve("authored.jsonl");
    }

    public Path rawRows() {
        return root.resolve("raw.jsonl");
    }

    public Path sftRows() {
        return root.resolve("sft.jsonl");
    }

    public Path preferences() {
        return root.resolve("preferences.jsonl");
    }

    /** What the SFT model answered to its own training problems. */
    public Path ownAnswers() {
        return root.resolve("own-answers.jsonl");
    }

    /** Preference pairs whose rejected side the SFT model wrote. */
    public Path mistakes() {
        return root.resolve("mistakes.jsonl");
    }

    /** What the reward model makes of each pair, and what it counts by that. */
    public Path margins() {
        return root.resolve("margins.jsonl");
    }

    /** What the student makes of each row, and which SFT learns from. */
    public Path selection() {
        return root.resolve("selection.jsonl");
    }

    public Path refused() {
        return root.resolve("refused.jsonl");
    }

    /** The rows that a training left out, and why. */
    public Path refused(String training) {
        return root.resolve("refused-" + training + ".jsonl");
    }

    /** Rows of the corpus that stay and have something against them, where the recipe asks for it. */
    public Path flagged() {
        return root.resolve("flagged.jsonl");
    }

    /** What people noted on samples: marks and comments. */
    public Path notes() {
        return root.resolve("notes.json");
    }

    /** A trained model: {@code raw}, {@code sft} or {@code aligned}. */
    public Path model(String name) {
        return root.resolve("models").resolve(name);
    }

    public Path checkpoints(String stage) {
        return root.resolve("checkpoints").resolve(stage);
    }

    /** Steps of a training that its newest checkpoint holds; 0 when there is none. */
    public long savedStep(String stage) {
        if (!Files.isDirectory(checkpoints(stage))) {
            return 0;
        }
        try (Stream<Path> folders = Files.list(checkpoints(stage))) {
            return folders.map(folder -> String.valueOf(folder.getFileName()))
                    .filter(name -> name.matches("step-\\d{1,18}"))
                    .mapToLong(name -> Long.parseLong(name.substring("step-".length())))
                    .max()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(checkpoints(stage) + ": cannot be listed", e);
        }
    }

    /** One line a step of all trainings, each with its stage; made of the files below. */
    public Path metrics() {
        return root.resolve("metrics.jsonl");
    }

    /** One line a step of one training. */
    public Path metrics(String stage) {
        return root.resolve("metrics").resolve(stage + ".jsonl");
    }

    /** What frozen models make of rows, by the key of what that depends on: beside the runs, which share it. */
    public Path reference() {
        return root.resolveSibling(".reference");
    }

    public Path manifest(String stage) {
        return root.resolve("stages").resolve(stage + ".json");
    }

    public Path evaluation() {
        return root.resolve("evaluation");
    }

    /** What the run ran on. */
    public Path environment() {
        return root.resolve("environment.json");
    }

    public Path report() {
        return root.resolve("report.html");
    }
}
