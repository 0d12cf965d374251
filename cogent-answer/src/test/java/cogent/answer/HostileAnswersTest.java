package cogent.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Texts put together by chance from what answers are made of, by fixed seeds: every one gets a verdict. */
class HostileAnswersTest {
    private static final List<String> PIECES = List.of(
            "\\frac",
            "\\dfrac",
            "\\sqrt",
            "\\boxed",
            "\\text",
            "\\left",
            "\\right",
            "\\begin{pmatrix}",
            "\\end{pmatrix}",
            "\\pi",
            "\\infty",
            "\\cup",
            "\\in",
            "\\le",
            "\\pm",
            "\\\\",
            "{",
            "}",
            "(",
            ")",
            "[",
            "]",
            "|",
            "^",
            "_",
            "$",
            "&",
            ",",
            ";",
            ":",
            ".",
            "=",
            "<",
            ">",
            "+",
            "-",
            "*",
            "/",
            "%",
            "!",
            "'",
            " ",
            "\n",
            "0",
            "1",
            "7",
            "12",
            "3.5",
            "1,000",
            "x",
            "y",
            "n",
            "A",
            "B",
            "sin",
            "log",
            " and ",
            " or ",
            " is ",
            "The answer is ",
            "**Answer:** ",
            "####",
            "because ",
            "(since ",
            "<think>",
            "</think>",
            "three hundred",
            "12:05",
            "May 5",
            " km",
            " dollars",
            "１２",
            "，",
            "é",
            "😀",
            "答案：",
            "\u0000");

    @RepeatedTest(20)
    void every_text_gets_a_verdict_and_is_not_different_from_itself(RepetitionInfo repetition) {
        var random = new SplittableRandom(repetition.getCurrentRepetition());
        for (int i = 0; i < 300; i++) {
            String text = text(random, 1 + random.nextInt(14));
            String other = text(random, 1 + random.nextInt(14));
            assertThat(Equivalence.compare(text, other))
                    .as(text + " ~ " + other)
                    .isNotNull();
            assertThat(Answers.extract(text)).isNotNull();
            assertThat(Equivalence.close(text, other, List.of(0.1), 0.01)).isIn(true, false);
            if (!text.isBlank() && Answers.extract(text).isEmpty()) {
                assertThat(Equivalence.compare(text, text).kind()).as(text).isNotEqualTo(Verdict.Kind.DIFFERENT);
            }
        }
    }

    @RepeatedTest(5)
    void long_texts_come_to_their_end(RepetitionInfo repetition) {
        var random = new SplittableRandom(1000 + repetition.getCurrentRepetition());
        String piece = text(random, 3);
        String text = piece.repeat(100_000 / piece.length() + 1);
        assertThat(Equivalence.compare(text, piece)).isNotNull();
        assertThat(Equivalence.compare("12", text)).isNotNull();
    }

    private static String text(SplittableRandom random, int pieces) {
        var text = new StringBuilder();
        for (int i = 0; i < pieces; i++) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }
}
