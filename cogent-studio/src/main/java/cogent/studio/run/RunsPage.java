package cogent.studio.run;

import cogent.llm.store.RunLock;
import cogent.pipeline.RunList;
import cogent.pipeline.RunStatus;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.result.EvaluateResult;
import cogent.pipeline.run.Manifest;
import cogent.pipeline.run.RunDirectory;
import cogent.report.ResultText;
import cogent.studio.html.Layout;
import cogent.studio.html.SafeHtml;
import cogent.studio.html.Url;
import cogent.studio.http.Reply;
import cogent.studio.http.Request;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** All runs: how far each is and what it came to. */
public record RunsPage(RunFolder folder) {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

    public Reply answer(Request request) {
        List<RunList.Entry> runs =
                Files.isDirectory(folder.root()) ? RunList.of(folder.root()).entries() : List.of();
        SafeHtml content = runs.isEmpty()
                ? SafeHtml.of(
                        "<p>No run lies in <code>{}</code> yet. <a href=\"/start\">Start one</a>, or on the command line: <code>cogent run recipes/quickstart.yaml</code>.</p>",
                        folder.root())
                : SafeHtml.of(
                        """
                        <p class="buttons"><a class="button main" href="/start">New run</a> <a class="button" href="/compare">Compare</a></p>
                        <div class="scroll" role="region" tabindex="0" aria-label="Runs"><table class="runs"><caption>{}</caption>
                        <thead><tr><th scope="col">run</th><th scope="col">stages</th><th scope="col">last</th><th scope="col">result</th></tr></thead>
                        <tbody>{}</tbody></table></div>""", folder.root(), runs.stream().map(RunsPage::row).toList());
        return Reply.page(Layout.top("Runs", Layout.live("runs", content)));
    }

    private static SafeHtml row(RunList.Entry entry) {
        String name = String.valueOf(entry.run().getFileName());
        return switch (entry) {
            case RunList.UnreadableRun unreadable ->
                SafeHtml.of(
                        "<tr><th scope=\"row\">{}</th><td colspan=\"3\">cannot be read: {}</td></tr>",
                        name,
                        unreadable.why());
            case RunList.ReadableRun(Path run, RunStatus status) ->
                SafeHtml.of(
                        "<tr><th scope=\"row\"><a href=\"{}\">{}</a>{}</th><td>{}</td><td>{}</td><td>{}</td></tr>",
                        Url.of("run", name),
                        name,
                        SafeHtml.when(
                                RunLock.isHeld(run),
                                " <span class=\"going\" title=\"a process is writing into it now\">● going</span>"),
                        stages(status, RunLock.isHeld(run)),
                        status.last().map(DATE::format).orElse("–"),
                        result(status.recipe(), new RunDirectory(run)));
        };
    }

    /** The last evaluation; the stages tell whether it is of the recipe as it is now. */
    private static String result(Recipe recipe, RunDirectory run) {
        return Manifest.read(run.manifest("evaluate"))
                .map(Manifest::result)
                .map(EvaluateResult.class::cast)
                .map(ResultText.of(recipe, run)::evaluate)
                .orElse("–");
    }

    private static SafeHtml stages(RunStatus status, boolean going) {
        String next = status.next().orElse("");
        return SafeHtml.of(
                "<span class=\"dots\" aria-hidden=\"true\">{}</span> {}",
                status.stages().stream()
                        .map(stage -> SafeHtml.of(
                                "<i class=\"{}\"></i>",
                                status.of(stage).isPresent() ? "good" : going && stage.equals(next) ? "now" : ""))
                        .toList(),
                next.isEmpty()
                        ? "all " + status.stages().size() + " done"
                        : "%d of %d, next %s"
                                .formatted(status.done().size(), status.stages().size(), next));
    }
}
