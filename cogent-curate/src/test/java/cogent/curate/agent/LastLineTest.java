package cogent.curate.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.curate.agent.Verification.Result;
import cogent.data.Difficulty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LastLineTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Label: complex",
                "LABEL: Complex.",
                "**Label:** complex",
                "**Label: complex**",
                "> Label: `complex`",
                "## Label: complex",
                "Label：complex",
                "Label: \\boxed{complex}",
                "$\\boxed{\\text{complex}}$",
                "\\[\n\\boxed{complex}\n\\]",
                "Label: complex (because it checks itself three times)",
                "Label: complex - a plainer path exists",
                "Label: complex, since it is hard to follow",
                "Label: complex. It could be much shorter.",
                "Final label: complex",
                "The label is complex.",
                "complex",
                "It wanders.\n```\nLabel: complex\n```",
                "It wanders.\n\nLabel: complex\n\n---",
                "{\"reason\": \"it wanders\", \"label\": \"complex\"}",
                "```json\n{\n  \"label\": \"Complex\",\n  \"reason\": \"it wanders\"\n}\n```",
                "Label : complex",
                "Label: complex。",
                "[Label: complex]",
                "Label: <complex>",
                "<label>complex</label>",
                "Label: complex</s>",
                "Label: complex<|im_end|>",
                "\\(\\boxed{\\text{complex}}\\)",
                "$$\\boxed{complex}$$",
                "Label: complex ✅",
                "Label: complex since it checks itself",
                "Label: complex – three checks (one would do)",
                "Label: complex (not balanced)",
                "{\"reason\": \"\\\\frac{1}{2} is checked {twice}\", \"label\": \"complex\"}",
                "{\"result\": {\"label\": \"complex\", \"confidence\": 0.9}}",
                "Label: hard",
                "Label: hard (too complex for it)"
            })
    void a_label_is_read_through_what_stands_around_it(String reply) throws UnusableReply {
        assertThat(Critic.read("It wanders.\n\n" + reply).label()).isEqualTo(Difficulty.HARD);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Label: brief|balanced|complex",
                "Label: brief or balanced",
                "Label: brief/balanced",
                "Label: brief (or perhaps balanced)",
                "Label: brief, but it could be balanced",
                "Label: not complex",
                "Label: unsuitable",
                "Label: brief → balanced",
                "Label: brief|complex",
                "[brief, balanced, complex]",
                "{\"label\": \"brief|balanced\"}",
                "{\"not_label\": \"brief\"}",
                "Label:",
                "It is a complex matter.",
                "complex numbers are used here",
                "{\"label\": \"brief or balanced\"}",
                "{\"label\": [\"brief\"]}",
                "Label: balanced\n\nLet me know if you need more.",
                ""
            })
    void what_does_not_decide_is_not_guessed(String reply) {
        assertThatThrownBy(() -> Critic.read(reply)).isInstanceOf(UnusableReply.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Reason: step 2 adds\nVerdict: incorrect",
                "**Reason:** step 2 adds\n**Verdict:** incorrect",
                "Reason: step 2 adds\n\nVerdict：incorrect (the correct value is 13)",
                "Reason: step 2 adds\n\\boxed{incorrect}",
                "```\nReason: step 2 adds\nVerdict: incorrect\n```",
                "{\"verdict\": \"incorrect\", \"reason\": \"step 2 adds\"}"
            })
    void a_verdict_comes_with_its_reason(String reply) throws UnusableReply {
        Verifier.Judgement judgement = Verifier.read("Looked at it.\n\n" + reply);
        assertThat(judgement.result()).isEqualTo(Result.FAILED);
        assertThat(judgement.reason()).isEqualTo("step 2 adds");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Verdict: not correct", "Verdict: correct or incorrect", "Verdict: partly correct"})
    void a_verdict_that_wavers_is_none(String reply) {
        assertThatThrownBy(() -> Verifier.read(reply)).isInstanceOf(UnusableReply.class);
    }
}
