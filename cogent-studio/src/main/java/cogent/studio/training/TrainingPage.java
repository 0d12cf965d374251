package cogent.studio.training;

import cogent.llm.store.RunLock;
import cogent.pipeline.RunStatus;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.StageMetrics;
import cogent.report.Diagnosis;
import cogent.report.ReportData.Training;
import cogent.report.TrainingReport;
import cogent.studio.html.Layout;
import cogent.studio.html.SafeHtml;
import cogent.studio.html.Url;
import cogent.studio.http.Reply;
import cogent.studio.http.Request;
import cogent.studio.run.RunFolder;
import java.util.List;
import java.util.Map;

/** The curves of a run's trainings, live, and what they say in words. */
public record TrainingPage(RunFolder folder) {
    public Reply answer(Request request) {
        String name = request.segment("run");
        RunDirectory run = folder.run(name);
        Recipe recipe = run.readRecipe();
        List<String> begun = Curves.begun(recipe, run);
        SafeHtml content = begun.isEmpty()
                ? SafeHtml.of("<p>No training has begun in this run.</p>")
                : SafeHtml.of(
                        "{}{}{}<p><a href=\"{}\">Beside the curves of other runs</a></p>",
                        Layout.live("words", words(recipe, run)),
                        Plots.controls(),
                        begun.stream().map(stage -> stage(name, run, stage)).toList(),
                        Url.with("/compare", Map.of("run", name)));
        return Reply.page(Layout.run(name, "Training", content));
    }

    private static SafeHtml words(Recipe recipe, RunDirectory run) {
        List<Training> trainings = new TrainingReport(recipe, run, RunStatus.of(recipe, run)).trainings();
        return SafeHtml.of(
                "{}<div class=\"findings\">{}</div>",
                SafeHtml.when(RunLock.isHeld(run.root()), "<p class=\"going\">● going</p>"),
                trainings.stream()
                        .map(t -> SafeHtml.of(
                                "<div><p><b>{}</b>, {} of {} steps</p><ul>{}</ul></div>",
                                t.name(),
                                "%,d".formatted(t.steps()),
                                "%,d".formatted(t.plannedSteps()),
                                Diagnosis.of(t).stream()
                                        .map(TrainingPage::finding)
                                        .toList()))
                        .toList());
    }

    private static SafeHtml finding(Diagnosis.Finding finding) {
        return finding.level() == Diagnosis.Level.LOOK
                ? SafeHtml.of("<li class=\"look\"><b>Look:</b> {}</li>", finding.text())
                : SafeHtml.of("<li>{}</li>", finding.text());
    }

    private static SafeHtml stage(String name, RunDirectory run, String stage) {
        return SafeHtml.of(
                "<h2>{}</h2>{}",
                stage,
                Plots.of(Plot.of(StageMetrics.of(run.metrics(stage)).keySet()), List.of(name + "/" + stage)));
    }
}
