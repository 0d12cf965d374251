package cogent.examples;

import cogent.curate.Curation;
import cogent.curate.PairBuilder;
import cogent.data.PreferencePair;
import cogent.data.Problem;
import cogent.data.Rationale;
import cogent.data.RowFormat;
import cogent.data.Sample;
import cogent.eval.Benchmark;
import cogent.eval.Evaluation;
import cogent.eval.Grader;
import cogent.eval.Question;
import cogent.eval.Scores;
import cogent.llm.ChatReply;
import cogent.local.LocalChatModel;
import cogent.local.LocalChatModel.Settings;
import cogent.model.decoder.LanguageModel;
import cogent.model.hf.ModelConfig;
import cogent.model.text.ChatFormat;
import cogent.model.text.Tokenizer;
import cogent.playground.PlaygroundStudent;
import cogent.playground.World;
import cogent.train.loop.Align;
import cogent.train.loop.AlignSettings;
import cogent.train.loop.TrainSettings;
import cogent.train.objective.BetaRule;
import cogent.train.rows.Encoding;
import cogent.train.rows.LengthLimit;
import cogent.train.rows.RowReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** The whole way: a scripted teacher curates 20 rows, five steps of CogPO train a tiny student, ten questions judge it. */
@SuppressWarnings("SystemOut") // a program for the terminal
public final class CurateTrainEvaluate {
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        Curation curation = Curation.of(request -> ChatReply.of("script", script(request.agent())), "1M");
        List<PreferencePair> pairs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Sample sample = new Sample(problem(i), Rationale.of("She wins more.\n\nThat makes 40.\n\n\\boxed{40}"));
            pairs.addAll(new PairBuilder(RowFormat.PLAIN).preferences(curation.curate(sample)));
        }

        PlaygroundStudent.write(folder); // without weights; one that has them: LanguageModel.load(directory)
        try (LanguageModel model = LanguageModel.create(ModelConfig.read(folder.resolve("config.json")), 1);
                Tokenizer tokenizer = Tokenizer.load(folder)) {
            Encoding encoding = Encoding.of(ChatFormat.of(tokenizer, LocalDate.of(2026, 1, 1)));
            RowReader reader = RowReader.of(model.config(), encoding, LengthLimit.drop(512), folder);
            var settings = AlignSettings.cogPo().withTrain(TrainSettings.align().withMaxSteps(5));
            try (var rows = reader.pairs(pairs, new BetaRule.Own(), row -> System.err.println(row))) {
                Align.train(model, rows, settings, folder, System.out::println);
            }

            Benchmark sums = new Benchmark("sums", "{problem}");
            var questions = Question.all(sums, World.QUICKSTART.heldOut(10, 1).toList());
            try (LocalChatModel chat = LocalChatModel.of("student", model, tokenizer, Settings.DEFAULT)) {
                Evaluation evaluation = new Evaluation(sums, questions, Grader.of(sums), chat, "student");
                Scores scores = evaluation.run(folder.resolve("answers.jsonl")).orElseThrow();
                System.out.println(scores.right() + " of 10 right");
            }
        }
    }

    private static Problem problem(int i) {
        return new Problem("p" + i, "Ada has " + i + " pens. She wins " + (40 - i) + " more. How many now?", "40");
    }

    private static String script(String agent) {
        return switch (agent) {
            case "critic" -> "Label: brief";
            case "rethinker" -> "She has pens and wins more.\n\nThat makes 40.\n\n\\boxed{40}";
            case "distractor" -> "She has pens and wins more.\n\nThat makes 30.\n\n\\boxed{30}";
            default -> "Verdict: correct";
        };
    }
}
