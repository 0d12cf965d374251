package cogent.studio.run;

import cogent.llm.store.RunLock;
import cogent.pipeline.Pipeline;
import cogent.pipeline.RunStatus;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.RecipeReader;
import cogent.pipeline.result.EvaluateResult;
import cogent.pipeline.run.Elapsed;
import cogent.pipeline.run.Manifest;
import cogent.pipeline.run.RunDirectory;
import cogent.report.ReportBuilder;
import cogent.report.ResultText;
import cogent.studio.html.Layout;
import cogent.studio.html.SafeHtml;
import cogent.studio.html.Url;
import cogent.studio.http.RefusedRequest;
import cogent.studio.http.Reply;
import cogent.studio.http.Request;
import cogent.studio.job.Job;
import cogent.studio.job.Jobs;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One run: its stages, what each came to, and its recipe. */
public record RunPage(RunFolder folder, Jobs jobs) {
    public Reply answer(Request request) throws IOException {
        String name = request.segment("run");
        RunDirectory run = folder.run(name);
        Recipe recipe = run.readRecipe();
        RunStatus status = RunStatus.of(recipe, run);
        boolean going = RunLock.isHeld(run.root());
        JobView job = new JobView(jobs);
        SafeHtml content = SafeHtml.of(
                """
                <div class="state">{}{}</div>
                {}{}
                <p><a href="{}">The report</a> is the same on one page to keep or to send.</p>
                <h2>Recipe</h2>
                <details><summary>{}</summary><pre>{}</pre></details>
                """,
                Layout.live("job", job.of(run, status.complete())),
                Layout.live("do", job.buttons(name, run, status.complete(), request.formKey())),
                Layout.live("came", came(recipe, run)),
                Layout.live("stages", stages(run, recipe, status, going, name)),
                Url.of("run", name, "report.html"),
                run.recipe(),
                Files.readString(run.recipe()));
        return Reply.page(Layout.run(name, "", content));
    }

    /** Continues a run as the command line would; it stays where it lies, whatever its recipe calls it. */
    public Reply again(Request request) {
        String name = request.segment("run");
        RunDirectory run = folder.run(name);
        jobs.start(RecipeReader.read(run.recipe(), folder.sets(name)));
        return Reply.see(Url.of("run", name));
    }

    /** Asks this process's run to stop. */
    public Reply stop(Request request) {
        String name = request.segment("run");
        jobs.of(folder.run(name)).ifPresent(Job::stop);
        return Reply.see(Url.of("run", name));
    }

    /** The last evaluation; the stages tell whether it is of the recipe as it is now. */
    private static SafeHtml came(Recipe recipe, RunDirectory run) {
        return Manifest.read(run.manifest("evaluate"))
                .map(Manifest::result)
                .map(EvaluateResult.class::cast)
                .map(result -> Headline.of(recipe, result))
                .orElse(SafeHtml.NONE);
    }

    private SafeHtml stages(RunDirectory run, Recipe recipe, RunStatus status, boolean going, String name) {
        ResultText text = ResultText.of(recipe, run);
        Map<String, Pipeline.Prospect> prospects = status.stages().stream()
                        .allMatch(stage -> status.of(stage).isPresent() || !Files.exists(run.manifest(stage)))
                ? Map.of()
                : Pipeline.of(RecipeReader.read(run.recipe(), folder.sets(name)))
                        .prospects();
        List<SafeHtml> rows = status.stages().stream()
                .map(stage -> Manifest.read(run.manifest(stage))
                        .map(manifest -> row(
                                stage,
                                status.of(stage).isPresent() ? "done" : again(prospects.get(stage)),
                                text.of(stage, manifest.result()),
                                Elapsed.text(Duration.ofMillis(Math.round(1000 * manifest.seconds())))))
                        .orElseGet(() -> row(
                                stage,
                                going && status.next().filter(stage::equals).isPresent() ? "going on" : "to do",
                                RunProgress.of(run, stage),
                                "–")))
                .toList();
        return SafeHtml.of("""
                <div class="scroll" role="region" tabindex="0" aria-label="Stages"><table><caption>Stages</caption>
                <thead><tr><th scope="col">stage</th><th scope="col">state</th><th scope="col">what it came to</th><th scope="col" class="n">time</th></tr></thead>
                <tbody>{}</tbody></table></div>""", rows);
    }

    private static String again(Pipeline.@Nullable Prospect prospect) {
        return prospect == null || prospect.why().isEmpty() ? "runs again" : "runs again: " + prospect.why();
    }

    private static SafeHtml row(String stage, String state, String result, String time) {
        return SafeHtml.of(
                "<tr><th scope=\"row\">{}</th><td><span class=\"pill {}\">{}</span></td><td>{}</td><td class=\"n\">{}</td></tr>",
                stage,
                switch (state) {
                    case "done" -> "good";
                    case "going on" -> "now";
                    case "to do" -> "";
                    default -> "look";
                },
                state,
                result,
                time);
    }

    /** The report as it was written; made now where the run holds none. */
    public Reply report(Request request) throws IOException {
        RunDirectory run = folder.run(request.segment("run"));
        if (Files.exists(run.report())) {
            return Reply.report(run.report());
        }
        if (!Files.isWritable(run.root())) {
            throw RefusedRequest.notFound(run.root() + " holds no report.html and may only be read");
        }
        ReportBuilder.write(run.readRecipe(), run);
        return Reply.report(run.report());
    }
}
