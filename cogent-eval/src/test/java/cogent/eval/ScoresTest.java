package cogent.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cogent.answer.Verdict;
import cogent.data.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScoresTest {
    private static Graded sample(String answer, boolean right) {
        Verdict.Kind kind = right ? Verdict.Kind.EQUAL : Verdict.Kind.DIFFERENT;
        return new Graded(new Grade(answer, !answer.isEmpty(), new Verdict(kind, "")), Graded.End.STOP, 10, 20);
    }

    private static Scores.Problem problem(String id, String... answers) {
        return new Scores.Problem(
                id,
                Arrays.stream(answers)
                        .map(a -> sample(a.replace("!", ""), a.endsWith("!")))
                        .toList());
    }

    private static Scores single(int right, int wrong) {
        return new Scores(
                "b",
                IntStream.range(0, right + wrong)
                        .mapToObj(i -> problem("p" + i, i < right ? "1!" : "2"))
                        .toList());
    }

    @Test
    void accuracy_is_the_mean_over_problems() {
        Scores scores = new Scores("b", List.of(problem("p", "1!", "1!", "2", "3"), problem("q", "5", "5", "5", "4!")));
        assertThat(scores.accuracy()).isCloseTo((0.5 + 0.25) / 2, within(1e-12));
        assertThat(scores.passAt(2)).isCloseTo((5 / 6.0 + 0.5) / 2, within(1e-12));
        assertThat(scores.right()).isEqualTo(3);
        assertThat(scores.meanTokens()).isEqualTo(20);
    }

    @Test
    void the_most_frequent_answer_votes_with_its_equals() {
        assertThat(new Scores("b", List.of(problem("p", "0.5!", "1/2!", "3", "4"))).majority())
                .isEqualTo(1);
        assertThat(new Scores("b", List.of(problem("p", "1!", "3", "3.0"))).majority())
                .isZero();
        assertThat(new Scores("b", List.of(problem("p", "1!", "3", ""))).majority())
                .isEqualTo(0.5);
        assertThat(new Scores("b", List.of(problem("p", "", ""))).majority()).isZero();
    }

    @Test
    void one_sample_a_problem_has_wilsons_interval() {
        assertThat(single(81, 182).interval()).isEqualTo(Statistics.wilson(81, 263));
    }

    @Test
    void two_models_are_compared_problem_by_problem() {
        Scores model =
                new Scores("b", List.of(problem("p", "1!"), problem("q", "1!"), problem("r", "2"), problem("s", "1!")));
        Scores baseline =
                new Scores("b", List.of(problem("s", "2"), problem("q", "1!"), problem("p", "2"), problem("t", "2")));
        Comparison comparison = Comparison.of(model, baseline);
        assertThat(comparison.n()).isEqualTo(3);
        assertThat(comparison.gained()).isEqualTo(2);
        assertThat(comparison.lost()).isZero();
        assertThat(comparison.difference()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(comparison.pValue()).isCloseTo(0.5, within(1e-12));
        assertThatThrownBy(() -> Comparison.of(model, new Scores("b", List.of(problem("x", "1")))))
                .isInstanceOf(InputException.class);
    }

    @Test
    void no_difference_is_no_evidence() {
        Comparison comparison = Comparison.of(single(5, 5), single(5, 5));
        assertThat(comparison.pValue()).isEqualTo(1);
        assertThat(comparison.interval()).isEqualTo(new Interval(0, 0));
    }
}
