package cogent.studio.token;

import cogent.curate.Curated;
import cogent.curate.run.ListedSample;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.train.Encodings;
import cogent.studio.html.Form;
import cogent.studio.html.Layout;
import cogent.studio.html.SafeHtml;
import cogent.studio.html.Url;
import cogent.studio.http.Reply;
import cogent.studio.http.Request;
import cogent.studio.run.RunFolder;
import cogent.studio.run.RunModels;
import cogent.studio.sample.SamplePage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** The rows of a sample as the student reads them, with their loss mask and, of a model that is asked, their log-probabilities. */
public record TokensPage(RunFolder folder, StudentScores scores) {
    public Reply answer(Request request) throws IOException {
        String name = request.segment("run");
        RunDirectory run = folder.run(name);
        Recipe recipe = run.readRecipe();
        ListedSample sample = SamplePage.sample(run, request.segment("sample"));
        String id = sample.sample().id();
        RunModels models = RunModels.of(recipe, run);
        SafeHtml rows = models.directories().isEmpty() || sample.curated().isEmpty()
                ? SafeHtml.of(
                        "<p class=\"none\">{}</p>",
                        models.directories().isEmpty()
                                ? "The student is not on this machine yet: its tokenizer comes with it."
                                : "No agent has answered yet, so there is no row to show.")
                : rows(recipe, sample.curated().get(), models, request.query("model"));
        SafeHtml content = SafeHtml.of(
                """
                <p class="pages"><a href="{}">Back to the sample</a></p>
                <form class="filters" method="get" data-slow="The student reads …">{}<button>Show</button></form>
                <p class="legend note"><span class="read">only read</span> <span class="trained p0">trained on, p ≥ 90 %</span> <span class="trained p1">≥ 50 %</span>
                <span class="trained p2">≥ 10 %</span> <span class="trained p3">≥ 1 %</span> <span class="trained p4">less</span></p>{}""",
                Url.of("run", name, "sample", id),
                Form.select("model", "log-probabilities under", options(models), request.query("model")),
                rows);
        return Reply.page(Layout.run(name, id + ": tokens", content));
    }

    private static SequencedMap<String, String> options(RunModels models) {
        SequencedMap<String, String> options = new LinkedHashMap<>();
        options.put("", "none: the loss mask alone");
        options.putAll(models.options());
        return options;
    }

    private SafeHtml rows(Recipe recipe, Curated curated, RunModels models, String model) throws IOException {
        Path directory = model.isEmpty() ? models.directories().firstEntry().getValue() : models.directory(model);
        try (Encodings encodings = Encodings.of(directory, recipe.student().chatTemplateKwargs())) {
            TokenRows read = TokenRows.of(recipe, curated, directory, encodings);
            List<float[]> logps = model.isEmpty()
                    ? List.of()
                    : scores.of(
                            recipe,
                            directory,
                            read.rows().stream()
                                    .map(TokenRows.TokenRow::example)
                                    .toList());
            List<SafeHtml> shown = new ArrayList<>();
            for (int i = 0; i < read.rows().size(); i++) {
                shown.add(TokenView.of(read.rows().get(i), logps.isEmpty() ? null : logps.get(i), encodings));
            }
            return SafeHtml.of(
                    "{}{}{}",
                    SafeHtml.when(shown.isEmpty(), "<p class=\"none\">No row came of this sample.</p>"),
                    read.refused().stream()
                            .map(why -> SafeHtml.of("<p class=\"wrong\">Not trained on: {}</p>", why))
                            .toList(),
                    shown);
        }
    }
}
