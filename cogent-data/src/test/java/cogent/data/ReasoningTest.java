package cogent.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReasoningTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<think>r</think>s|r|s",
                "Sure! <think>r</think>s|r|Sure!~~s",
                "<thinking>r</thinking> s|r|s",
                "<Reasoning>~r~</Reasoning>~s|r|s",
                "[THINK]r[/THINK]s|r|s",
                "r~#### 5|r|#### 5",
                "r~ #### 5|r|#### 5",
                "r~##### 5|r~##### 5|''",
                "a~#### Step~b 5|a~#### Step~b 5|''",
                "a~#### Conclusion: it holds|a~#### Conclusion: it holds|''",
                "a~#### 3. Check|a~#### 3. Check|''",
                "a~#### Answer: 5|a|#### Answer: 5",
                "Use the <think> tag: 5|Use the <think> tag: 5|''",
                "Here `<think>` is quoted|Here `<think>` is quoted|''",
                "x <thinking> y|x <thinking> y|''",
            })
    void a_reply_is_taken_apart(String reply, String thought, String solution) {
        assertThat(Reasoning.of(lines(reply))).isEqualTo(new Reasoning(lines(thought), lines(solution)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<think>r",
                "Sure! <think> r",
                "Okay <think> r",
                "Sure, here is how I reason about the problem that you gave me: <think>~r",
                "Well~<think>~r",
                "Let me think about it first <think>~r",
                "<think>a</think>b<think>c",
                "<thinking>r",
                "[THINK]r",
            })
    void thinking_that_never_ends_is_refused(String reply) {
        assertThat(Reasoning.isCutOff(lines(reply))).isTrue();
        assertThatThrownBy(() -> Reasoning.of(lines(reply))).hasMessageContaining("cut off");
    }

    private static String lines(String text) {
        return text.replace('~', '\n');
    }
}
