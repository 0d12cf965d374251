package cogent.examples;

import cogent.curate.Curation;
import cogent.curate.PairBuilder;
import cogent.data.Problem;
import cogent.data.RowFormat;
import cogent.data.Sample;
import cogent.data.file.JsonLinesWriter;
import cogent.data.file.RefusedRow;
import cogent.eval.Benchmark;
import cogent.eval.Evaluation;
import cogent.eval.Grader;
import cogent.eval.Question;
import cogent.eval.Scores;
import cogent.llm.ChatReply;
import cogent.llm.ChatReply.Finish;
import cogent.llm.ChatReply.Usage;
import cogent.local.LocalChatModel;
import cogent.model.decoder.LanguageModel;
import cogent.model.hf.ModelConfig;
import cogent.model.text.ChatFormat;
import cogent.model.text.Tokenizer;
import cogent.playground.PlaygroundStudent;
import cogent.playground.World;
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
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The whole way: a scripted teacher curates 20 rows, five steps of CogPO train a tiny student, ten questions judge it. */
@SuppressWarnings("SystemOut") // a program for the terminal
public final class CurateTrainEvaluate {
    private CurateTrainEvaluate() {}

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        Path preferences = folder.resolve("preferences.jsonl");
        PairBuilder pairs = new PairBuilder(RowFormat.PLAIN);
        try (JsonLinesWriter file = JsonLinesWriter.create(preferences)) {
            for (Sample sample : World.QUICKSTART.corpus(20, 1).toList()) {
                String answer = sample.problem().answer();
                Curation curation = Curation.of(request -> teacher(request.agent(), answer), "1M");
                pairs.preferences(curation.curate(sample)).forEach(file::write);
            }
            file.commit();
        }

        Path student = folder.resolve("student");
        PlaygroundStudent.write(student);
        Consumer<RefusedRow> refused = row -> System.err.println(row.describe());
        try (LanguageModel model = LanguageModel.create(ModelConfig.read(student.resolve("config.json")), 1);
                Tokenizer tokenizer = Tokenizer.load(student)) {
            Encoding encoding = Encoding.of(ChatFormat.of(tokenizer, LocalDate.of(2026, 1, 1)));
            int vocabulary = model.config().vocabSize();
            RowReader reader = new RowReader(encoding, vocabulary, 1024, LengthLimit.drop(512), folder);
            AlignSettings settings = AlignSettings.cogPo();
            settings = settings.withTrain(settings.train().withMaxSteps(5));
            try (var rows = reader.pairs(preferences, new BetaRule.Own(), refused)) {
                var reference = ReferenceLogps.of(model, rows, 8192, folder, () -> false, _ -> {});
                Align.train(
                        model,
                        reference.orElseThrow(),
                        rows,
                        settings,
                        TrainFiles.in(folder),
                        () -> false,
                        System.out::println);
            }
            model.save(student, model.config().dtype(), tokenizer);
        }

        Benchmark benchmark = new Benchmark("sums", "{problem}");
        Stream<Problem> problems = World.QUICKSTART.heldOut(10, 1);
        List<Question> questions = problems.map(p -> Question.of(benchmark, p)).toList();
        try (LocalChatModel chat = LocalChatModel.load(student)) {
            Evaluation evaluation = new Evaluation(benchmark, questions, Grader.of(benchmark), chat, "student");
            Scores scores = evaluation.run(folder.resolve("answers.jsonl")).orElseThrow();
            System.out.println(scores.right() + " of 10 right");
        }
    }

    private static ChatReply teacher(String agent, String answer) {
        String text = switch (agent) {
            case "critic" -> "Label: hard";
            case "rethinker" -> "First this.\n\nThen that.\n\n\\boxed{" + answer + "}";
            case "distractor" -> "First this.\n\nThen that.\n\n\\boxed{1" + answer + "}";
            default -> "Verdict: correct";
        };
        return new ChatReply("script", text, "", Finish.STOP, Usage.NONE);
    }
}
