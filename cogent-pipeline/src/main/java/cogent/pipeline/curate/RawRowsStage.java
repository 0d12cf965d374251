package cogent.pipeline.curate;

import cogent.curate.clean.SampleFilter;
import cogent.data.InputException;
import cogent.data.RowFormat;
import cogent.data.Sample;
import cogent.data.SftRow;
import cogent.data.file.JsonLinesWriter;
import cogent.pipeline.keys.RecordJson;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.result.RawRowsResult;
import cogent.pipeline.result.StageResult;
import cogent.pipeline.run.Corpora;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.Stage;
import cogent.pipeline.run.StageContext;
import cogent.pipeline.run.StageDetail;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The corpus' own rationales as training rows, of the rows that the curation is given too: what the baseline learns from. */
public record RawRowsStage(Recipe recipe, RunDirectory run) implements Stage {
    @Override
    public String name() {
        return "raw-rows";
    }

    @Override
    public JsonNode settings() {
        ObjectNode settings = JsonMapper.shared().createObjectNode();
        settings.set("corpus", RecordJson.identity(recipe.corpus()));
        settings.set("format", RecordJson.identity(recipe.format()));
        return settings;
    }

    @Override
    public List<Path> inputs() {
        List<Path> inputs = new ArrayList<>(Corpora.files(recipe, run));
        inputs.addAll(Cleaning.evaluated(recipe));
        return List.copyOf(inputs);
    }

    @Override
    public List<Path> outputs() {
        return List.of(run.rawRows());
    }

    @Override
    public StageResult run(StageContext context) {
        long[] rows = {0};
        RowFormat format = recipe.format().rows();
        List<SampleFilter> filters = Cleaning.filters(recipe);
        try (Stream<Sample> samples =
                        Corpora.samples(recipe, run, _ -> {}).filter(sample -> Cleaning.lets(sample, filters));
                JsonLinesWriter out = JsonLinesWriter.create(run.rawRows())) {
            samples.forEach(sample -> {
                out.write(new SftRow(
                        sample.id(),
                        format.prompt(sample.problem()),
                        format.completion(sample.rationale()),
                        "original"));
                context.progress(name(), ++rows[0], 0, "rows", new StageDetail.None());
            });
            if (rows[0] == 0) {
                throw new InputException(
                        "raw-rows: nothing is left of the corpus; `cogent curate` with this recipe says"
                                + " what was left out, and why");
            }
            out.commit();
        }
        return new RawRowsResult(rows[0]);
    }
}
