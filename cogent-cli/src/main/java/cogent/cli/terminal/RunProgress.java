package cogent.cli.terminal;

import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.Progress;
import cogent.pipeline.run.RunDirectory;
import cogent.report.ReportBuilder;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;

/** The progress of a run, whose report is written when it ends. */
public record RunProgress(Progress shown, Recipe recipe) implements Progress {
    public static RunProgress on(PrintWriter err, Recipe recipe) {
        return new RunProgress(ProgressLine.on(err), recipe);
    }

    @Override
    public void update(String stage, long done, long total, String unit, String detail) {
        shown.update(stage, done, total, unit, detail);
    }

    @Override
    public void update(String stage, long done, long total, String unit, String detail, List<String> parts) {
        shown.update(stage, done, total, unit, detail, parts);
    }

    @Override
    public void done(String stage, String result, Duration took) {
        shown.done(stage, result, took);
    }

    @Override
    public void say(String text) {
        shown.say(text);
    }

    /** The report is worth no run: one that cannot be written is said and left. */
    @Override
    public void ended() {
        try {
            ReportBuilder.write(recipe, RunDirectory.of(recipe));
        } catch (RuntimeException e) {
            say("the report could not be written: " + e.getMessage());
        }
    }
}
