package cogent.cli.inspect;

import cogent.cli.command.JsonRows;
import cogent.cli.hub.ModelName;
import cogent.data.Count;
import cogent.data.InputException;
import cogent.data.file.RefusedRow;
import cogent.data.file.Row;
import cogent.data.file.RowFile;
import cogent.model.hf.ModelConfig;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.RecipeReader;
import cogent.pipeline.recipe.TrainingConfig;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.TrainingInputs;
import cogent.pipeline.train.Encodings;
import cogent.pipeline.train.Objectives;
import cogent.pipeline.train.Trainings;
import cogent.train.rows.Example;
import cogent.train.rows.PairExample;
import cogent.train.rows.RowReader;
import cogent.train.rows.TrainingRows;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code cogent inspect batch}: training rows token by token with their loss mask, as training reads them. */
@Command(
        name = "batch",
        mixinStandardHelpOptions = true,
        description = {
            "prints training rows token by token: + is trained on, . is only read",
            "Rows of a recipe's stage, or of a file with a model's tokenizer. Rows that training would refuse are told with"
                    + " their line. With --json: one object a row, with ids, tokens and loss_mask."
        })
final class InspectBatch implements Runnable {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "RECIPE", description = "a recipe whose rows are made already")
    private @Nullable Path recipe;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "overrides one setting of the recipe")
    private List<String> sets = List.of();

    @Option(names = "--stage", description = "raw-sft, sft or align (default: sft; with --input by what its rows hold)")
    private @Nullable String stage;

    @Option(names = "--model", paramLabel = "MODEL", description = ModelName.WHAT + "; in place of a recipe")
    private @Nullable ModelName model;

    @Option(names = "--input", paramLabel = "FILE", description = "rows of SFT or pairs, in place of a recipe")
    private @Nullable Path input;

    @Option(names = "--rows", paramLabel = "N", description = "the first rows of the file (default: 3)")
    private int rows = 3;

    /** One sequence to show. */
    @SuppressWarnings("ArrayRecordComponent") // shown at once
    private record Sequence(String name, int[] prompt, int[] completion) {}

    @Override
    public void run() {
        if (rows < 1) {
            throw new InputException("--rows must be at least 1");
        }
        Recipe settings = recipe == null ? RecipeReader.defaults(sets) : RecipeReader.read(recipe, sets);
        Path directory;
        Path file;
        if (recipe != null) {
            TrainingInputs inputs = TrainingInputs.of(settings, stage == null ? "sft" : stage);
            directory = inputs.model();
            file = inputs.rows();
        } else if (model != null && input != null) {
            directory = model.directory(spec);
            file = input;
        } else {
            throw new InputException("give a recipe, or --model and --input");
        }
        boolean pairs = stage == null ? recipe == null && holdsPairs(file) : stage.equals("align");
        show(directory, file, pairs, settings);
    }

    private void show(Path directory, Path file, boolean pairs, Recipe settings) {
        PrintWriter out = spec.commandLine().getOut();
        List<RefusedRow> refused = new ArrayList<>();
        TrainingConfig training =
                pairs ? settings.align().training() : settings.sft().training();
        try (Encodings encodings = Encodings.of(directory, settings.student().chatTemplateKwargs());
                Head head = Head.of(file, rows, refused::add)) {
            ModelConfig config = ModelConfig.read(directory.resolve("config.json"));
            RowReader reader = RowReader.of(config, encodings.encoding(), Trainings.limit(training), head.folder());
            long cut;
            List<String> control;
            List<String> unused;
            long unasked;
            if (pairs) {
                try (TrainingRows<PairExample> read =
                        reader.pairs(head.file(), Objectives.betas(settings.align()), refused::add)) {
                    read.forEach(row -> pair(row, encodings, out));
                    cut = read.truncated();
                    control = read.controlTokens();
                    unused = read.unused();
                    unasked = read.thinkingUnasked();
                }
            } else {
                try (TrainingRows<Example> read = reader.sft(head.file(), refused::add)) {
                    read.forEach(row -> single(row, encodings, out));
                    cut = read.truncated();
                    control = read.controlTokens();
                    unused = read.unused();
                    unasked = read.thinkingUnasked();
                }
            }
            PrintWriter err = spec.commandLine().getErr();
            refused.forEach(row -> err.println("refused: " + file + ": line " + row.line() + ": " + row.reason()));
            if (cut > 0) {
                err.println(cut + " of these rows were cut, as truncate: "
                        + training.truncate().name().toLowerCase(Locale.ROOT) + " says");
            }
            if (!control.isEmpty()) {
                err.println("in the text of these rows, and read as text: " + String.join(", ", control));
            }
            if (unasked > 0) {
                err.println(Count.of(unasked, "reply", "replies") + " " + Trainings.THINKING_UNASKED);
            }
            if (!unused.isEmpty()) {
                err.println("fields of these rows that are not used: " + String.join(", ", unused));
            }
            err.flush();
            out.flush();
        }
    }

    private void single(Example row, Encodings encodings, PrintWriter out) {
        Sequence sequence = new Sequence("completion", row.prompt(), row.completion());
        if (json()) {
            ObjectNode answer = JsonRows.JSON.createObjectNode().put("id", row.id());
            answer.setAll(object(sequence, encodings));
            out.println(answer);
        } else {
            out.println("row " + row.id());
            print(sequence, encodings, out);
        }
    }

    private void pair(PairExample row, Encodings encodings, PrintWriter out) {
        Sequence chosen = new Sequence("chosen", row.prompt(), row.chosen());
        Sequence rejected = new Sequence("rejected", row.prompt(), row.rejected());
        String gap = row.gap() == null ? "" : row.gap().name().toLowerCase(Locale.ROOT);
        if (json()) {
            ObjectNode answer = JsonRows.JSON
                    .createObjectNode()
                    .put("id", row.id())
                    .put("beta", row.beta())
                    .put("gap", gap);
            answer.set("chosen", object(chosen, encodings));
            answer.set("rejected", object(rejected, encodings));
            out.println(answer);
        } else {
            out.println("pair " + row.id() + "  beta " + row.beta() + (gap.isEmpty() ? "" : "  gap " + gap));
            print(chosen, encodings, out);
            print(rejected, encodings, out);
        }
    }

    private static void print(Sequence s, Encodings encodings, PrintWriter out) {
        out.println("  %s: %s read, %,d trained on"
                .formatted(s.name, Count.of(s.prompt.length, "token"), s.completion.length));
        for (int i = 0; i < s.prompt.length + s.completion.length; i++) {
            boolean trained = i >= s.prompt.length;
            int id = trained ? s.completion[i - s.prompt.length] : s.prompt[i];
            out.println(" %6d  %s %7d  %s"
                    .formatted(i, trained ? "+" : ".", id, JsonRows.JSON.writeValueAsString(encodings.text(id))));
        }
    }

    private static ObjectNode object(Sequence s, Encodings encodings) {
        ObjectNode object = JsonRows.JSON.createObjectNode();
        ArrayNode ids = object.putArray("ids");
        ArrayNode tokens = object.putArray("tokens");
        ArrayNode mask = object.putArray("loss_mask");
        for (int id : s.prompt) {
            ids.add(id);
            tokens.add(encodings.text(id));
            mask.add(0);
        }
        for (int id : s.completion) {
            ids.add(id);
            tokens.add(encodings.text(id));
            mask.add(1);
        }
        return object;
    }

    private static boolean holdsPairs(Path file) {
        try (Stream<Row> all = RowFile.open(file, _ -> {})) {
            return all.findFirst()
                    .filter(row -> row.fields().has("chosen") || row.fields().has("chosen_ids"))
                    .isPresent();
        }
    }

    /**
     * The first rows of a file, so that a look at three does not tokenise a million.
     *
     * @param folder that goes with this
     * @param file JSON Lines, each row in the line that it has in the file
     */
    private record Head(Path folder, Path file) implements AutoCloseable {
        static Head of(Path file, int rows, Consumer<RefusedRow> refused) {
            try (Stream<Row> all = RowFile.open(file, refused)) {
                Path folder = Files.createTempDirectory("cogent-batch");
                Path head = folder.resolve("head.jsonl");
                long line = 1;
                try (BufferedWriter out = Files.newBufferedWriter(head)) {
                    for (Row row : (Iterable<Row>) all.limit(rows)::iterator) {
                        out.write("\n".repeat((int) (row.line() - line)) + row.fields() + "\n");
                        line = row.line() + 1;
                    }
                }
                return new Head(folder, head);
            } catch (IOException e) {
                throw new UncheckedIOException(file.toString(), e);
            }
        }

        @Override
        public void close() {
            RunDirectory.delete(folder);
        }
    }

    /** The parent's option, which every subcommand inherits. */
    private boolean json() {
        return Boolean.TRUE.equals(spec.findOption("--json").getValue());
    }
}
