package cogent.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EquivalenceTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # numbers
            7                       | 7.0
            -0                      | 0
            1,250,000               | 1250000
            12{,}500                | 12500
            3.50                    | 7/2
            0.125                   | \\tfrac18
            2\\frac{3}{4}           | 2.75
            2 3/4                   | 11/4
            \\frac{-5}{6}           | -\\dfrac{5}{6}
            4.2\\times 10^{-3}      | 0.0042
            2^{100}                 | 1267650600228229401496703205376
            6!                      | 720
            \\binom{6}{2}           | 15
            1.41421                 | \\sqrt{2}
            0,75                    | 0.75
            35\\%                   | 0.35
            35\\%                   | 35 percent
            \\sqrt{48}              | 4\\sqrt3
            \\frac{6}{\\sqrt{3}}    | 2\\sqrt{3}
            \\sqrt[3]{-8}           | -2
            e^{i\\pi}               | -1
            110_2                   | 110_{2}
            # money, units, degrees
            \\$12.50                | 12.5 dollars
            45^\\circ               | 45 degrees
            30\\text{ km}           | 30 kilometers
            8\\,\\mathrm{m}^2       | 8 \\text{ m}^{2}
            24                      | 24 apples
            # expressions
            (a-b)^2                 | a^2-2ab+b^2
            \\frac{x^2-1}{x-1}      | x+1
            \\sin^2 t               | 1-\\cos^2(t)
            \\ln 9                  | 2\\ln 3
            \\frac{n(n+1)}{2}       | \\binom{n+1}{2}
            2\\cos\\theta\\sin\\theta | \\sin 2\\theta
            \\frac{\\sqrt{3}}{2}-\\frac12 i | \\frac{\\sqrt{3}-i}{2}
            # relations
            x=4                     | 4
            4                       | x = 4
            f(x)=2x-1               | 2x-1
            y=3x+2                  | 2y-6x-4=0
            x \\le 3                | (-\\infty, 3]
            -1 < x \\leq 2          | (-1,2]
            \\{x \\mid -1<x\\le 2\\} | x \\in (-1, 2]
            2x>6                    | x>3
            a:b = 2:3               | 2:3
            S_{ABC}:S = 7:32        | \\boxed{7:32}
            # structures
            (1,\\frac12)            | (1, 0.5)
            \\{4,1,9\\}             | \\{1,4,9\\}
            1, 4                    | 4 and 1
            2 \\pm \\sqrt{3}        | 2-\\sqrt3, 2+\\sqrt3
            x=\\pm 5                | 5, -5
            (1,2),(2,1)             | (2,1) \\text{ and } (1,2)
            (-\\infty,0)\\cup(1,2]  | (1,2]\\cup(-\\infty,0)
            \\begin{pmatrix}1&\\frac12\\\\0&-1\\end{pmatrix} | \\begin{bmatrix} 1 & 0.5 \\\\ 0 & -1 \\end{bmatrix}
            # words and choices
            \\text{Tuesday}         | tuesday
            C                       | \\boxed{\\text{(C)}}
            (B)                     | The answer is B.
            B                       | It can't be D. I am not A; I choose B.
            # replies
            18                      | He has 20 - 2 = <<20-2=18>>18 eggs. #### 18
            \\frac{3}{5}            | <think>\\boxed{2}</think> Therefore $\\boxed{\\dfrac{3}{5}}$.
            12                      | **Final answer:** 12 cookies
            """)
    void these_are_the_same(String gold, String prediction) {
        assertThat(Equivalence.compare(gold, prediction).kind())
                .as("%s", Equivalence.compare(gold, prediction))
                .isEqualTo(Verdict.Kind.EQUAL);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            7                       | 8
            7                       | -7
            1,234                   | 1,2,3,4
            0.33                    | 1/3
            3.14                    | 22/7
            12                      | 1200
            2\\frac{3}{4}           | \\frac{6}{4}
            \\frac{1}{2x}           | \\frac{x}{2}
            2^{100}                 | 2^{100}+1
            10^{10^{10}}            | 10^{10}
            110_2                   | 110
            50\\%                   | 5
            (1,2)                   | (2,1)
            (1,2)                   | [1,2]
            \\{1,2\\}               | \\{1,2,3\\}
            1,2                     | 1
            x=3                     | y=3
            x>3                     | x<3
            x\\ge 3                 | x>3
            y=2x+1                  | y=2x
            a+b=0                   | 0
            \\text{even}            | odd
            A                       | B
            B                       | A and B
            \\infty                 | 5
            3+4i                    | 4+3i
            x^2                     | x^3
            """)
    void these_are_different(String gold, String prediction) {
        assertThat(Equivalence.compare(gold, prediction).kind())
                .as("%s", Equivalence.compare(gold, prediction))
                .isEqualTo(Verdict.Kind.DIFFERENT);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            5                            | I don't know.
            \\begin{cases}1\\end{cases}  | \\begin{cases}2\\end{cases}
            \\frac{1                     | \\frac{2
            5 \\text{ cm}                | 5 \\text{ kg}
            \\sqrt{x^2}                  | x
            \\int_0^1 x dx               | \\frac12
            10^{10^{10}}                 | 10^{10^{11}}
            """)
    void what_cannot_be_told_is_not_guessed(String gold, String prediction) {
        assertThat(Equivalence.compare(gold, prediction).kind())
                .as("%s", Equivalence.compare(gold, prediction))
                .isEqualTo(Verdict.Kind.UNKNOWN);
    }

    @Test
    void an_unreadable_answer_equals_only_its_own_text() {
        assertThat(Equivalence.equal("\\frac{1", "\\frac{1")).isTrue();
        assertThat(Equivalence.equal("", "")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                "{",
                "\\frac{",
                "\\sqrt{",
                "-",
                "|",
                "\\{",
                "[",
                "x^",
                "\\sin",
                "2^",
                "9",
                "1/",
                "1,",
                "\\text{",
                "a!",
                "%",
                "$",
                "\\boxed{",
                "\\begin{pmatrix}",
                "x_",
                "\\pm ",
                "\\\\",
                "\\",
                "the answer is ",
                "(1,2)",
                "\\lfloor ",
                "A",
                "not A "
            })
    void no_input_hangs_or_crashes_it(String part) {
        for (int times : new int[] {50, 5_000, 300_000 / part.length()}) {
            String hostile = part.repeat(times);
            assertThat(Equivalence.compare("5", hostile)).isNotNull();
            assertThat(Equivalence.compare(hostile, hostile + "1")).isNotNull();
            assertThat(Equivalence.compare("x+1", hostile + "1" + ")".repeat(times % 7000)))
                    .isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10^{10^{10^{10}}}", "9^{9^{9^9}}", "(10^9)!", "\\binom{10^9}{10^8}", "1e9999", "2^{-10^{12}}",
                        "0^{-1}", "1/0",
                "((10^{100})^{100})^{100}", "1000!!!", "\\sqrt[0]{5}", "0^0", "\\log_1 5", "\\tan 90^\\circ", "\u0000",
                        "\ud83d"
            })
    void huge_and_undefined_numbers_are_decided_or_unknown(String number) {
        assertThat(Equivalence.compare("5", number).isEqual()).isFalse();
        assertThat(Equivalence.compare(number, "10^{10}").isEqual()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "$", "{", "²", "a"})
    void giants_are_close_to_nothing(String part) {
        String giant = part.repeat(1_000_000);
        assertThat(Equivalence.close("1", giant, List.of(0.5), 0)).isFalse();
        assertThat(Equivalence.close(giant, "1", List.of(0.5), 0)).isFalse();
        assertThat(Equivalence.close("1", "1.4", List.of(0.5), 0)).isTrue();
    }

    @Test
    void a_hundred_thousand_boxes_are_no_list_of_answers() {
        StringBuilder boxes = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            boxes.append("\\boxed{").append(i).append("} ");
        }
        assertThat(Equivalence.compare("1", boxes.toString()).isEqual()).isFalse();
        assertThat(Equivalence.compare("2, 3", "\\boxed{3} and \\boxed{2}").isEqual())
                .isTrue();
    }

    @Test
    void a_number_of_a_million_digits_is_compared_by_its_digits() {
        String number = "7".repeat(1_000_000);
        assertThat(Equivalence.equal(number, "0" + number)).isTrue();
        assertThat(Equivalence.compare(number, number.replaceFirst("7", "8")).kind())
                .isEqualTo(Verdict.Kind.DIFFERENT);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            0.\\overline{3}             | 1/3                  | EQUAL
            2.1\\overline{6}            | \\frac{13}{6}        | EQUAL
            0.\\overline{3}             | 0.3                  | DIFFERENT
            0.(45)                      | 5/11                 | EQUAL
            \\$15,\\!000                | 15                   | DIFFERENT
            15,000                      | 15.000               | DIFFERENT
            £7                          | 7 pounds             | EQUAL
            2.5 million                 | 2500000              | EQUAL
            2.5e-7                      | 2.5 \\times 10^{-7}  | EQUAL
            3C_{16}                     | 60                   | EQUAL
            A_{12}                      | 10                   | DIFFERENT
            8:15 p.m.                   | 20:15                | EQUAL
            8:15 p.m.                   | 8:15 a.m.            | DIFFERENT
            8:15 \\text{ PM}            | 8:15 pm              | EQUAL
            May 5, 2020                 | 5th May 2020         | EQUAL
            May 5                       | May 6                | DIFFERENT
            \\text{fourteen}            | 14                   | EQUAL
            forty-two                   | 42                   | EQUAL
            \\text{Route 66}            | route 66             | EQUAL
            an ellipse                  | \\text{ellipse}      | EQUAL
            1:2:3                       | 2:4:6                | EQUAL
            1:2:3                       | 1:6                  | DIFFERENT
            \\textbf{(D)}\\ 42          | D                    | EQUAL
            \\textbf{(D)}\\ 42          | 42                   | EQUAL
            \\textbf{(D)}\\ 42          | C                    | DIFFERENT
            2 \\text{ m}                | 200 cm               | EQUAL
            2 \\text{ cm}               | 2 m                  | DIFFERENT
            1.5 \\text{ hours}          | 90 minutes           | EQUAL
            \\frac{1}{2} m v^2          | m v^2 / 2            | EQUAL
            \\frac{1}{2} m g h          | \\frac{mgh}{2}       | EQUAL
            1.6\\times10^{-19}\\text{ C} | 1.6e-19              | EQUAL
            (-\\infty,1)\\cup(2,\\infty) | x<1 \\text{ or } x>2 | EQUAL
            (1,2)                       | \\begin{pmatrix}1\\\\2\\end{pmatrix} | EQUAL
            \\lceil n/2\\rceil+1        | 2                    | DIFFERENT
            \\frac{\\pi}{10^{15}}       | \\frac{2\\pi}{10^{15}} | DIFFERENT
            x^2-2x+1                    | (1-x)^2              | EQUAL
            66.67\\%                    | 2/3                  | EQUAL
            \\log 100                   | 2                    | UNKNOWN
            """)
    void what_models_write_in_other_ways(String gold, String prediction, Verdict.Kind kind) {
        Verdict verdict = Equivalence.compare(gold, prediction);
        assertThat(verdict.kind()).as("%s", verdict).isEqualTo(kind);
    }
}
