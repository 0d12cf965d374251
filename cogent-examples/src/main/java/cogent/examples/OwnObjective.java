package cogent.examples;

import cogent.model.decoder.LanguageModel;
import cogent.model.text.ChatFormat;
import cogent.model.text.Tokenizer;
import cogent.train.loop.Align;
import cogent.train.loop.AlignSettings;
import cogent.train.objective.BetaRule;
import cogent.train.objective.Objective;
import cogent.train.objective.PairLogps;
import cogent.train.objective.PairLoss;
import cogent.train.rows.Encoding;
import cogent.train.rows.LengthLimit;
import cogent.train.rows.RowReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/** An objective of one's own on rows in memory. Arguments: model, out. A recipe takes it as well, by its class name. */
@SuppressWarnings("SystemOut") // a program for the terminal
public final class OwnObjective {
    private static final List<Map<String, Object>> PAIRS = List.of(
            Map.of("prompt", "1 + 1", "chosen", "2", "rejected", "3", "beta", 0.5),
            Map.of("prompt", "2 + 1", "chosen", "3", "rejected", "2", "beta", 0.1));

    private OwnObjective() {}

    /** The squared hinge {@code max(0, 1 − β h)²}, h the difference of the log-ratios to the reference. */
    public record SquaredHinge() implements Objective {
        @Override
        public PairLoss loss(PairLogps pair) {
            double chosen = pair.beta() * pair.chosenLogRatio();
            double rejected = pair.beta() * pair.rejectedLogRatio();
            double missing = Math.max(0, 1 - (chosen - rejected));
            double slope = 2 * missing * pair.beta();
            return new PairLoss(missing * missing, -slope, slope, chosen, rejected);
        }
    }

    public static void main(String[] args) throws IOException {
        Path student = Path.of(args[0]);
        Path out = Path.of(args[1]);
        try (LanguageModel model = LanguageModel.load(student);
                Tokenizer tokenizer = Tokenizer.load(student)) {
            Encoding encoding = Encoding.of(ChatFormat.of(tokenizer, LocalDate.of(2026, 1, 1)));
            RowReader reader = RowReader.of(model.config(), encoding, LengthLimit.drop(4096), out);
            try (var pairs = reader.pairs(PAIRS.stream(), new BetaRule.Own(), row -> System.err.println(row))) {
                Align.train(
                        model,
                        pairs,
                        AlignSettings.cogPo().withObjective(new SquaredHinge()),
                        out,
                        p -> System.out.printf("%d/%d loss %.4f%n", p.step(), p.totalSteps(), p.loss()));
                model.save(out.resolve("model"), model.config().dtype(), tokenizer);
            }
        }
    }
}
