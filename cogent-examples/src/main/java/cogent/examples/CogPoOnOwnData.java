package cogent.examples;

import cogent.model.decoder.LanguageModel;
import cogent.model.text.ChatFormat;
import cogent.model.text.Tokenizer;
import cogent.train.loop.Align;
import cogent.train.loop.AlignSettings;
import cogent.train.loop.TrainFiles;
import cogent.train.objective.BetaRule;
import cogent.train.rows.Encoding;
import cogent.train.rows.LengthLimit;
import cogent.train.rows.RowReader;
import cogent.train.state.ReferenceLogps;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;

/** CogPO on one's own pairs: {@code {"prompt", "chosen", "rejected", "beta"}} a line. Arguments: model, pairs, out. */
@SuppressWarnings("SystemOut") // a program for the terminal
public final class CogPoOnOwnData {
    private CogPoOnOwnData() {}

    public static void main(String[] args) throws IOException {
        Path out = Path.of(args[2]);
        try (LanguageModel model = LanguageModel.load(Path.of(args[0]));
                Tokenizer tokenizer = Tokenizer.load(Path.of(args[0]))) {
            ChatFormat format = ChatFormat.of(tokenizer, LocalDate.of(2026, 1, 1));
            RowReader reader = new RowReader(
                    Encoding.of(format),
                    model.config().vocabSize(),
                    model.config().maxPositions(),
                    LengthLimit.drop(4096),
                    out);
            try (var pairs = reader.pairs(
                    Path.of(args[1]), new BetaRule.Own(), refused -> System.err.println(refused.describe()))) {
                ReferenceLogps reference = ReferenceLogps.of(model, pairs, 8192, out, () -> false, _ -> {})
                        .orElseThrow();
                TrainFiles files = TrainFiles.in(out);
                Align.train(
                        model,
                        reference,
                        pairs,
                        AlignSettings.cogPo(),
                        files,
                        () -> false,
                        p -> System.out.printf("%d/%d loss %.4f%n", p.step(), p.totalSteps(), p.loss()));
                model.save(out.resolve("model"), model.config().dtype(), tokenizer);
            }
        }
    }
}
