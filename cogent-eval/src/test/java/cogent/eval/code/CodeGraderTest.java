package cogent.eval.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cogent.data.InputException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodeGraderTest {
    private static CodeGrader.Judgement judge(String program, CodeTests tests) {
        Sandbox sandbox = null;
        try {
            sandbox = Sandbox.open();
        } catch (InputException e) {
            assumeTrue(false, e.getMessage());
        }
        try (Sandbox open = sandbox) {
            return new CodeGrader(open, Duration.ofSeconds(20), 256L << 20).judge(program, tests);
        }
    }

    private static final CodeTests DOUBLED =
            new CodeTests("", List.of(new CodeTests.Test("2\n", "4\n"), new CodeTests.Test("5\n", "10\n")));

    private static final CodeTests SUMMED =
            new CodeTests("total", List.of(new CodeTests.Test("[1, 2]\n3", "6"), new CodeTests.Test("[]\n0", "0")));

    @Test
    void a_program_passes_when_it_prints_what_is_expected() {
        assertThat(judge("print(2 * int(input()))", DOUBLED))
                .isEqualTo(new CodeGrader.Judgement(true, "passes all 2 tests"));
        assertThat(judge("print(4)", DOUBLED).reason()).isEqualTo("test 2 of 2: expected \"10\", got \"4\"");
        assertThat(judge("print(undefined)", DOUBLED).reason()).contains("test 1 of 2", "NameError");
    }

    @Test
    void a_method_is_called_with_its_arguments_and_names_in_common_use_are_there() {
        String solution = """
                class Solution:
                    def total(self, numbers: List[int], more: int) -> int:
                        print("noise")
                        return reduce(lambda a, b: a + b, numbers, more)
                """;
        assertThat(judge(solution, SUMMED).passed()).isTrue();
        assertThat(judge("def total(numbers, more):\n    return sum(numbers) + more", SUMMED)
                        .passed())
                .isTrue();
        assertThat(judge("class Solution: pass", SUMMED).reason()).contains("AttributeError");
    }

    @Test
    void the_expected_output_is_never_within_the_programs_reach() {
        String cheat = """
                import os, sys
                found = []
                for folder, _, files in os.walk("/box"):
                    for name in files:
                        found.append(open(os.path.join(folder, name), "rb").read())
                print(b"".join(found).count(b"4711"), sys.argv)
                """;
        CodeTests tests = new CodeTests("", List.of(new CodeTests.Test("1\n", "4711\n")));
        assertThat(judge(cheat, tests).reason()).contains("got \"1 ['/box/program-"); // its own text alone
    }

    @Test
    void the_last_code_block_is_the_program() {
        assertThat(CodeGrader.program("try\n```python\nx = 1\n```\nno:\n```python\nx = 2\n```\ndone"))
                .isEqualTo("x = 2");
        assertThat(CodeGrader.program("```\nx\n```\n```python\n```")).isEqualTo("x");
        assertThat(CodeGrader.program("cut off\n```python\nx = 3")).isEqualTo("x = 3");
        assertThat(CodeGrader.program("no code")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 2|1 2|true",
                "1 2|1  2|true",
                "1|1.0|true",
                "0.5|0.50|true",
                "YES|Yes|false",
                "1|1 1|false",
                "'a\n b'|'a\nb '|true",
                "'a\nb'|'a b'|false",
                "1e3|1000|true",
                "1e999999999|1e999999999|true",
                "1e999999999|2e999999999|false",
                "nan|0|false"
            })
    void prints_agree_line_by_line_and_as_numbers(String expected, String printed, boolean same) {
        assertThat(CodeGrader.samePrint(expected, printed)).isEqualTo(same);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1, 2]|[1,2]|true",
                "[1, 2]|[2, 1]|false",
                "1|1.0|true",
                "true|1|true",
                "\"a\"|\"a\"|true",
                "{\"a\": 1}|{\"a\": 1.0}|true",
                "null|None|false",
                "[1]|1|false",
                "2|NaN|false"
            })
    void values_agree_as_in_python(String expected, String returned, boolean same) {
        assertThat(CodeGrader.sameValue(expected, returned)).isEqualTo(same);
    }
}
