package cogent.examples;

import cogent.model.decoder.LanguageModel;
import cogent.model.tensor.Ranks;
import cogent.model.tensor.Scope;
import cogent.model.text.ChatFormat;
import cogent.model.text.Tokenizer;
import cogent.train.forward.CompletionPass;
import cogent.train.forward.PackedRows;
import cogent.train.forward.TrainableModel;
import cogent.train.forward.Work;
import cogent.train.loop.TrainFiles;
import cogent.train.loop.TrainSettings;
import cogent.train.loop.TrainingOutcome;
import cogent.train.loop.TrainingRun;
import cogent.train.rows.Digests;
import cogent.train.rows.Encoding;
import cogent.train.rows.Example;
import cogent.train.rows.LengthLimit;
import cogent.train.rows.RowReader;
import cogent.train.rows.TrainingRows;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * A training loop of one's own from Cogent's parts: here the loss is the mean over rows of each row's mean over its
 * tokens, so that long rationales weigh no more than short ones. It may be killed at any moment: the same command goes on
 * at the newest checkpoint and ends with the same bytes. Arguments: model, sft.jsonl, out.
 */
@SuppressWarnings("SystemOut") // a program for the terminal
public final class Train {
    private Train() {}

    public static void main(String[] args) throws IOException {
        Path student = Path.of(args[0]);
        Path out = Path.of(args[2]);
        try (LanguageModel model = LanguageModel.load(student);
                Tokenizer tokenizer = Tokenizer.load(student)) {
            Encoding encoding = Encoding.of(ChatFormat.of(tokenizer, LocalDate.of(2026, 1, 1)));
            RowReader reader = RowReader.of(model.config(), encoding, LengthLimit.drop(4096), out);
            try (var rows = reader.sft(Path.of(args[1]), row -> System.err.println(row))) {
                train(TrainableModel.all(model), rows, TrainSettings.sft().withCheckpoints(2, 2), out);
                model.save(out.resolve("model"), model.config().dtype(), tokenizer);
            }
        }
    }

    private static TrainingOutcome train(TrainableModel model, List<Example> rows, TrainSettings settings, Path out) {
        TrainFiles files = TrainFiles.in(out);
        IntUnaryOperator tokens = TrainingRows.tokens(rows, Example::tokens);
        try (TrainingRun run = new TrainingRun(
                model,
                Ranks.ofEnvironment(), // one process, unless RANK and WORLD_SIZE say otherwise
                settings,
                files,
                "mean of means " + Digests.ofExamples(rows), // a checkpoint is continued with these rows only
                rows.size(),
                tokens,
                i -> rows.get(i).id(),
                p -> System.out.println(p.step()))) {
            while (run.goesOn()) {
                int[] batch = run.nextBatch();
                double loss = 0;
                Work work = Work.NONE;
                for (int[] part : run.parts(batch)) {
                    try (Scope _ = Scope.open()) {
                        PackedRows packed = PackedRows.of(
                                IntStream.of(part).mapToObj(rows::get).toList());
                        // the loss is Σ weight · log p, so the weights are all that backward needs
                        float[] weights = packed.spread(Arrays.stream(packed.counts())
                                .mapToDouble(count -> -1.0 / count / batch.length)
                                .toArray());
                        float[] logps = new CompletionPass(model.decoder(), packed, 0)
                                .backward(weights, run::layerDone)
                                .logps();
                        for (int i = 0; i < logps.length; i++) {
                            loss += weights[i] * logps[i];
                        }
                        work = work.plus(packed.work());
                    }
                }
                run.update(loss, work, Map.of());
                run.saveIfDue();
            }
            return run.end();
        }
    }
}
