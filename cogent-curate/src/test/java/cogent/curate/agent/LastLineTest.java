package cogent.curate.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.curate.agent.Verification.Result;
import cogent.data.Difficulty;
import org.junit.jupiter.api.Test;
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
                "Label: hard (too complex for it)",
                "**Difficulty:** Hard",
                "Difficulty level: hard",
                "Difficulty: **Hard** 😓",
                "LABEL: HARD!",
                "Label: « complex »",
                "Label: „complex“",
                "Label: ‘complex’",
                "Label: 'complex'.",
                "Ｌａｂｅｌ：ｃｏｍｐｌｅｘ",
                "Label:\u00a0complex",
                "\u200bLabel: complex\u200b",
                "Label: complex 🙁.",
                "🏷️ Label: complex",
                "- Label: complex",
                "1. **Label**: complex",
                "• Label: complex",
                "(Label: complex)",
                "【Label：complex】",
                "Label → complex",
                "Label => complex",
                "Label - complex",
                "Label — **complex**",
                "Label is: complex",
                "So, the final label is complex.",
                "My judgement: complex",
                "Final answer: complex",
                "Overall rating: hard",
                "标签：complex",
                "Label: complex | Confidence: high",
                "Label: complex / hard",
                "=> Label: complex",
                "I would label this solution as complex.",
                "Label: complex (easy to shorten)",
                "Label: complex [confidence: 0.9]",
                "Label: complex (3 of 3 checks repeat the first)",
                "Label: complex because the easy steps are done twice",
                "Label: complex, as the problem is easy and the text is not",
                "Label: complex (hard)",
                "Label: $\\mathrm{complex}$",
                "Label: \\textbf{complex}",
                "<b>Label:</b> complex",
                "Label: <mark>complex</mark>",
                "Label:\ncomplex",
                "Label: complex\n🙂",
                "Label: complex\n</answer>",
                "Label: complex\r\n```\r\n",
                "Label: complex\n\nLet me know if you need more.",
                "Label: complex\n\nI hope this helps! 😊",
                "```\nLabel: complex\n```\n\nFeel free to ask for more detail.",
                "| Label | complex |",
                "| Point | Finding |\n|---|---|\n| Checks | three |\n| **Label** | **complex** |",
                "| Label | Reason |\n|:--|:--|\n| complex | it checks itself |",
                "{'label': 'complex'}",
                "{label: \"complex\",}",
                "[{\"label\": \"complex\"}]",
                "{\"difficulty\": \"hard\", \"why\": \"detours\"}",
                "{\"final_label\": \"complex\", \"score\": 3}",
                "{\"label\": \"complex\", \"label_reason\": \"not brief\", \"difficulty\": \"easy\"}",
                "{\"label\": \"**complex**\"}\n\nLet me know if you need more.",
                "{\"label\": \"complex (it repeats itself)\"}"
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
                "Label: brief; label: balanced",
                "Label: brief Label: balanced",
                "Label: brief, complex",
                "Label: brief, then complex in places, complex.",
                "Label: brief - no, complex",
                "Label: brief. Actually complex.",
                "Label: brief (complex)",
                "Label: brief (medium)",
                "Label: easy, medium",
                "Label: brief and complex",
                "Label: brief-to-balanced",
                "Label: hard-ish",
                "Label: medium, hard to say",
                "Label: brief | complex",
                "I would label it brief or balanced.",
                "Label: brief?",
                "Label: brief (?)",
                "Label: between brief and balanced",
                "Label: somewhat complex",
                "Problem difficulty: hard",
                "The difficulty is hard to judge.",
                "So hard.",
                "| Label | brief or balanced |",
                "| Step | Label |\n|---|---|\n| 1 | brief |\n| 2 | complex |",
                "{\"label\": \"brief\", \"label\": \"complex\"}",
                "[{\"label\": \"brief\"}, {\"label\": \"complex\"}]",
                "{\"difficulty\": \"hard\", \"rating\": \"easy\"}",
                "Label: brief</think>",
                "Label: balanced\n\nOn second thought, it skips too much.",
                "Label: balanced\n\nLet me know if brief would be better.",
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
                "{\"verdict\": \"incorrect\", \"reason\": \"step 2 adds\"}",
                "Verdict: incorrect (step 2 adds)",
                "Verdict: incorrect – step 2 adds",
                "- Reason: step 2 adds\n- Verdict: ❌ Incorrect\n\nThank you!",
                "| Verdict | Reason |\n|---|---|\n| incorrect: step 2 adds | |"
            })
    void a_verdict_comes_with_its_reason(String reply) throws UnusableReply {
        Verifier.Judgement judgement = Verifier.read("Looked at it.\n\n" + reply);
        assertThat(judgement.result()).isEqualTo(Result.FAILED);
        assertThat(judgement.reason()).isEqualTo("step 2 adds");
    }

    @Test
    void a_reason_keeps_its_signs() throws UnusableReply {
        assertThat(Verifier.read("Reason: a_1 > 3 * 4, and Tom's \"x\" is `2`\nVerdict: incorrect")
                        .reason())
                .isEqualTo("a_1 > 3 * 4, and Tom's \"x\" is `2`");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Verdict: not correct",
                "Verdict: correct or incorrect",
                "Verdict: partly correct",
                "Verdict: correct, incorrect",
                "Verdict: correct, but step 3 uses the wrong unit",
                "Verdict: correct except for step 2",
                "Verdict: mostly correct",
                "The final answer is correct.",
                "Result: correct"
            })
    void a_verdict_that_wavers_is_none(String reply) {
        assertThatThrownBy(() -> Verifier.read(reply)).isInstanceOf(UnusableReply.class);
    }
}
