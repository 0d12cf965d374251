package cogent.curate.rationale;

import cogent.answer.Answers;
import cogent.answer.Equivalence;
import cogent.data.Problem;
import cogent.data.Rationale;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What a wrong rationale must be to teach as a rejected side: really wrong, in its work as in its conclusion, without
 * saying so, and in the shape of the right one, so that nothing but the reasoning tells the two apart. The one example
 * that the paper's authors publish fails two of these: it announces its mistake and closes with the right answer.
 */
public final class WrongRationale {
    /** A factor beyond this in length, and length alone would give it away. */
    private static final double LENGTH_FACTOR = 2;

    private static final Pattern ANNOUNCES = Pattern.compile(
            "(?i)\\bmistak\\w*|\\bmistook\\b|\\berror\\w*|\\berroneous\\w*|\\bincorrect\\w*|\\bwrong\\w*|\\bslip(?:s|ped)?\\b"
                    + "|\\boops\\b|\\bwait\\b|\\bactually\\b|\\bshould (?:be|have been)\\b|\\bcorrect (?:answer|value|result)\\b"
                    + "|\\bcorrected\\b|\\bcorrection\\b|\\bdeliberate\\w*|\\bintentional\\w*|\\bon purpose\\b|\\bmis(?:read|calculat|count)\\w*"
                    + "|错误|弄错|算错|有误|故意");
    private static final Pattern TAG = Pattern.compile("</?think>|<\\|(?:begin|end)_of_\\w+\\|>");

    private WrongRationale() {}

    /** Why it may not be a rejected side against this right rationale; empty when it may. */
    public static Optional<String> objection(Problem problem, Rationale wrong, Rationale right) {
        return reallyWrong(problem, wrong).or(() -> shape(wrong, right));
    }

    /** Whether both its conclusion and the answer that its own text arrives at are wrong by the rule. */
    public static Optional<String> reallyWrong(Problem problem, Rationale wrong) {
        if (wrong.conclusion().isBlank()) {
            return Optional.of("states no final answer");
        }
        Optional<String> conclusion = rightOrUnclear(wrong.conclusion(), problem, "concludes with");
        if (conclusion.isPresent()) {
            return conclusion;
        }
        // the box may say one thing and the work before it another: both must be wrong
        Optional<String> boxed = Answers.extract(wrong.text());
        if (boxed.isPresent()) {
            Optional<String> stated = rightOrUnclear(boxed.get(), problem, "states");
            if (stated.isPresent()) {
                return stated;
            }
        }
        return Steps.statedAnswers(wrong.text()).stream()
                .flatMap(answer -> rightOrUnclear(answer, problem, "arrives at").stream())
                .filter(reason -> !reason.startsWith("cannot tell"))
                .findFirst();
    }

    private static Optional<String> rightOrUnclear(String answer, Problem problem, String does) {
        return switch (Equivalence.compare(problem.answer(), answer).kind()) {
            case DIFFERENT -> Optional.empty();
            case EQUAL -> Optional.of(does + " the right answer: " + answer);
            case UNKNOWN ->
                Optional.of("cannot tell whether its answer is wrong: " + answer + " against " + problem.answer());
        };
    }

    private static Optional<String> shape(Rationale wrong, Rationale right) {
        if (Steps.same(Steps.withoutAnswer(wrong.text()), Steps.withoutAnswer(right.text()))) {
            return Optional.of("differs from the right rationale in its final answer only");
        }
        // relative to the right one: honest thinking aloud says "wait" and "should be" too
        if (count(ANNOUNCES, wrong.text()) > count(ANNOUNCES, right.text())) {
            return Optional.of("announces its mistake: " + first(ANNOUNCES, wrong.text()));
        }
        if (count(TAG, wrong.text()) != count(TAG, right.text())) {
            return Optional.of("does not keep the format: tags");
        }
        if ((RationaleLayout.work(wrong.text()).size() == 1)
                != (RationaleLayout.work(right.text()).size() == 1)) {
            return Optional.of("does not keep the format: steps");
        }
        double factor = (double) wrong.text().length() / right.text().length();
        if (factor > LENGTH_FACTOR || factor < 1 / LENGTH_FACTOR) {
            return Optional.of(String.format(Locale.ROOT, "differs too much in length: factor %.1f", factor));
        }
        return Optional.empty();
    }

    private static long count(Pattern pattern, String text) {
        return pattern.matcher(text).results().count();
    }

    private static String first(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(MatchResult::group)
                .findFirst()
                .orElse("");
    }
}
