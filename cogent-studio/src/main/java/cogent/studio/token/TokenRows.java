package cogent.studio.token;

import cogent.curate.Curated;
import cogent.curate.PairBuilder;
import cogent.data.PreferencePair;
import cogent.data.SftRow;
import cogent.data.file.RefusedRow;
import cogent.model.hf.ModelConfig;
import cogent.pipeline.curate.Agents;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.train.Encodings;
import cogent.pipeline.train.Objectives;
import cogent.pipeline.train.Trainings;
import cogent.report.CurationReport;
import cogent.train.rows.Example;
import cogent.train.rows.PairExample;
import cogent.train.rows.RowReader;
import cogent.train.rows.TrainingRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The rows that a sample gives, read as training reads them.
 *
 * @param refused why a row is none to train on
 */
record TokenRows(List<TokenRow> rows, List<String> refused) {
    /** A sequence with what it is called. */
    record TokenRow(String name, Example example) {}

    /** @param directory of a model whose tokenizer and chat template encode them */
    static TokenRows of(Recipe recipe, Curated curated, Path directory, Encodings encodings) {
        List<TokenRow> rows = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        PairBuilder builder = Agents.pairs(recipe, recipe.format().rows());
        ModelConfig config = ModelConfig.read(directory.resolve("config.json"));
        try {
            Path scratch = Files.createTempDirectory("cogent-tokens");
            try {
                List<SftRow> sft = builder.sft(curated);
                RowReader reader = RowReader.of(
                        config,
                        encodings.encoding(),
                        Trainings.limit(recipe.sft().training()),
                        scratch);
                try (TrainingRows<Example> read = reader.sft(sft, row -> refused.add(reason("SFT", row)))) {
                    read.forEach(row ->
                            rows.add(new TokenRow("SFT: the " + sft.getFirst().source(), row)));
                }
                List<PreferencePair> pairs = builder.preferences(curated);
                RowReader pairReader = RowReader.of(
                        config,
                        encodings.encoding(),
                        Trainings.limit(recipe.align().training()),
                        scratch);
                try (TrainingRows<PairExample> read = pairReader.pairs(
                        pairs, Objectives.betas(recipe.align()), row -> refused.add(reason("pair", row)))) {
                    read.forEach(pair -> {
                        String gap = pair.gap() == null ? "pair" : CurationReport.word(pair.gap()) + " gap";
                        rows.add(new TokenRow(gap + ": chosen", new Example(pair.id(), pair.prompt(), pair.chosen())));
                        rows.add(new TokenRow(
                                gap + ": rejected", new Example(pair.id(), pair.prompt(), pair.rejected())));
                    });
                }
            } finally {
                Files.deleteIfExists(scratch);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary folder for the tokens", e);
        }
        return new TokenRows(List.copyOf(rows), List.copyOf(refused));
    }

    private static String reason(String kind, RefusedRow row) {
        return String.format(Locale.ROOT, "%s row %d: %s", kind, row.line(), row.reason());
    }
}
