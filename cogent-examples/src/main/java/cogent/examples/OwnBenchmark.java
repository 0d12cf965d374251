package cogent.examples;

import cogent.answer.Verdict;
import cogent.data.Problem;
import cogent.eval.Benchmark;
import cogent.eval.Evaluation;
import cogent.eval.Grade;
import cogent.eval.Question;
import cogent.eval.Scores;
import cogent.llm.ChatModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A benchmark of one's own, with a grader of one's own: the reply's last word is yes or no. */
public final class OwnBenchmark {
    private OwnBenchmark() {}

    /** @param results one JSON object a reply; a second call asks only what is missing there */
    public static Scores evaluate(List<Problem> problems, ChatModel model, String modelName, Path results) {
        Benchmark benchmark = new Benchmark("yes-or-no", "{problem}\n\nEnd with yes or no.");
        return new Evaluation(benchmark, Question.all(benchmark, problems), OwnBenchmark::grade, model, modelName)
                .run(results)
                .orElseThrow();
    }

    private static Grade grade(Question question, String reply) {
        String last = reply.replaceAll("[^a-zA-Z]+$", "")
                .replaceAll("(?s).*[^a-zA-Z]", "")
                .toLowerCase(Locale.ROOT);
        boolean stated = last.equals("yes") || last.equals("no");
        boolean right = last.equals(question.problem().answer());
        return new Grade(
                last, stated, new Verdict(right ? Verdict.Kind.EQUAL : Verdict.Kind.DIFFERENT, "by its last word"));
    }
}
