package cogent.pipeline.plan;

import cogent.data.InputException;
import cogent.pipeline.Pipeline;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.RecipeReader;
import cogent.pipeline.run.Manifest;
import cogent.pipeline.run.ReplySource;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.StopRequest;
import cogent.pipeline.run.Students;
import cogent.pipeline.run.UnfinishedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The recipe's own curation of its first rows by the built-in teacher, which sends nothing and costs nothing, in a folder that is gone
 * afterwards.
 *
 * @param first seconds of the first rows, on which the machine warms up
 * @param firstRows of them
 * @param rowSeconds of one of those that follow
 * @param rows what came of them
 */
record CurationTrial(double first, long firstRows, double rowSeconds, OwnRows rows) {
    /** Of rows that are more than the first ones. */
    private static final double ENOUGH_SECONDS = 1;
    /** Of all trials together. */
    private static final double MOST_SECONDS = 8;

    private static final int FIRST = 50;

    /** Where the student reads them too: it is loaded first, which two trials of different lengths tell from the reading. */
    private static final int FIRST_READ = 2;

    /** Empty where the recipe's teacher is an endpoint, or what it needs is made by an earlier stage. */
    static Optional<CurationTrial> of(Recipe recipe, RunDirectory run, long rows, Consumer<String> progress) {
        String student = recipe.curate().critic().student();
        boolean builtIn = recipe.curate().endpoints().values().stream()
                .allMatch(own -> Recipe.PLAYGROUND.equals(
                        RecipeReader.endpoint(recipe.teacher(), own).url()));
        String model = recipe.student().model();
        boolean there = model == null
                || model.equals(Recipe.PLAYGROUND)
                || Files.isDirectory(Students.base(recipe, run)); // nothing is fetched for a plan
        if (!builtIn || !there || rows == 0 || (recipe.curate().asksStudent() && "raw".equals(student))) {
            return Optional.empty();
        }
        int least = recipe.curate().asksStudent() ? FIRST_READ : FIRST;
        progress.accept("trying the curation on its first rows");
        Path folder = folder();
        try {
            long count = Math.min(rows, least);
            double first = seconds(recipe, folder, count);
            double row = first / count;
            double spent = first;
            double before = first;
            while (count < rows && before - first < ENOUGH_SECONDS && spent < MOST_SECONDS) {
                long more = Math.min(rows, 4 * count);
                double seconds = seconds(recipe, folder, more);
                row = seconds > first ? (seconds - first) / (more - least) : seconds / more;
                spent += seconds;
                before = seconds;
                count = more;
            }
            Path made = new RunDirectory(folder.resolve("trial-" + count)).sftRows();
            return Optional.of(new CurationTrial(first, Math.min(rows, least), row, OwnRows.of(made)));
        } catch (InputException | UnfinishedException e) {
            return Optional.empty(); // the run says so when it comes to it
        } finally {
            RunDirectory.delete(folder);
        }
    }

    double seconds(long all) {
        return first + Math.max(0, all - firstRows) * rowSeconds;
    }

    private static double seconds(Recipe recipe, Path folder, long rows) {
        Recipe few = RecipeReader.with(
                recipe,
                List.of(
                        "runs=" + folder,
                        "name=trial-" + rows,
                        "store=''",
                        "corpus.limit=" + rows,
                        "playground.problems=" + rows,
                        "playground.held_out=1",
                        "corpus.held_out=0",
                        "evaluate.benchmarks=[]"));
        Pipeline.of(few)
                .run(List.of("playground", "author", "curate"), new ReplySource.Live(), _ -> {}, new StopRequest());
        return Manifest.read(RunDirectory.of(few).manifest("curate"))
                .orElseThrow()
                .seconds();
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("cogent-plan");
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary folder for a trial of the curation", e);
        }
    }
}
