package cogent.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.curate.SampleOutcome.Kept;
import cogent.curate.SampleOutcome.Refused;
import cogent.curate.SampleOutcome.Stage;
import cogent.curate.agent.Agent;
import cogent.curate.agent.AgentCall;
import cogent.curate.agent.Critic;
import cogent.curate.agent.Critique;
import cogent.curate.agent.Distraction;
import cogent.curate.agent.Distractor;
import cogent.curate.agent.FailedAttempt;
import cogent.curate.agent.NoCritic;
import cogent.curate.agent.Rethinker;
import cogent.curate.agent.Scripted;
import cogent.curate.agent.Shoes;
import cogent.curate.agent.Verification;
import cogent.curate.agent.Verification.Check;
import cogent.curate.agent.Verifier;
import cogent.curate.prompt.AgentTask;
import cogent.curate.prompt.PromptSet;
import cogent.curate.rationale.RationaleLayout;
import cogent.curate.rationale.WrongRationale;
import cogent.curate.run.CurationSummary;
import cogent.curate.run.CurationTally;
import cogent.data.Difficulty;
import cogent.data.Problem;
import cogent.data.Rationale;
import cogent.data.RowFormat;
import cogent.data.Sample;
import cogent.llm.ChatException;
import cogent.llm.ChatException.Kind;
import cogent.llm.ChatReply;
import cogent.llm.ChatReply.Finish;
import cogent.llm.ChatReply.Usage;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CurationTest {
    private static final String CORRECT = "Fine.\nReason: every step holds\nVerdict: correct";
    private static final String INCORRECT = "No.\nReason: step 2 adds instead of subtracting\nVerdict: incorrect";

    private final Scripted chat = new Scripted();

    private Curation curation() {
        return Curation.of(new Critic(chat, "0.5B"), new Rethinker(chat, "0.5B"), new Verifier(chat));
    }

    private Curation curation(CurationSettings settings) {
        Curation plain = curation();
        return new Curation(plain.critic(), plain.rethinker(), plain.verifier(), null, settings);
    }

    private Curation curation(Check... checks) {
        Verifier verifier = new Verifier(chat);
        Curation plain = curation();
        return new Curation(
                plain.critic(),
                plain.rethinker(),
                new Verifier(verifier.judge(), verifier.blind(), verifier.prompts(), EnumSet.copyOf(List.of(checks))),
                null,
                plain.settings());
    }

    private Curation withDistractor(int count) {
        Curation plain = curation();
        return new Curation(
                plain.critic(), plain.rethinker(), plain.verifier(), new Distractor(chat, count), plain.settings());
    }

    @Test
    void a_medium_rationale_is_read_by_the_verifier_and_kept_as_it_is() {
        chat.on("critic", "It can follow.\nLabel: balanced").on("verifier", CORRECT);
        Curated curated = curation().curate(Shoes.SAMPLE);
        assertThat(curated.outcome()).isEqualTo(new Kept(Shoes.TERSE, "original"));
        assertThat(chat.requests).hasSize(2);
    }

    @Test
    void a_medium_rationale_is_kept_unread_where_the_paper_is_followed() {
        chat.on("critic", "It can follow.\nLabel: balanced");
        Curated curated = curation(new CurationSettings(3, false, false)).curate(Shoes.SAMPLE);
        assertThat(curated.outcome()).isEqualTo(new Kept(Shoes.TERSE, "original"));
        assertThat(chat.requests).hasSize(1);
    }

    @Test
    void an_easy_rationale_is_extended_and_a_hard_one_simplified() {
        chat.on("critic", "brief", "Label: complex")
                .on("rethinker", Shoes.BALANCED)
                .on("verifier", CORRECT);
        assertThat(curation().curate(Shoes.SAMPLE).outcome())
                .isEqualTo(new Kept(Rationale.of(Shoes.BALANCED), "rewrite"));
        curation().curate(Shoes.SAMPLE);
        assertThat(chat.message("rethinker", 0))
                .startsWith("[cogent extend v2]")
                .contains("0.5B parameters")
                .contains("simple equations solved one transformation at a time");
        assertThat(chat.message("rethinker", 1)).startsWith("[cogent simplify v2]");
    }

    @Test
    void a_refused_rewrite_goes_back_with_the_verifiers_reason() {
        chat.on("critic", "Label: brief")
                .on("rethinker", Shoes.WRONG, Shoes.BALANCED)
                .on("verifier", INCORRECT, CORRECT);
        Curated curated = curation().curate(Shoes.SAMPLE);
        assertThat(curated.rounds()).extracting(Round::verified).containsExactly(false, true);
        assertThat(chat.message("rethinker", 0)).doesNotContain("refused");
        assertThat(chat.message("rethinker", 1))
                .contains(Shoes.WRONG)
                .contains("step 2 adds instead of subtracting")
                .contains("its final answer is 19, which differs from the reference answer 13");
    }

    @Test
    void a_verifier_that_always_refuses_ends_in_refusal_after_the_rounds() {
        chat.on("critic", "Label: complex")
                .on("rethinker", Shoes.BALANCED, Shoes.OTHER_BALANCED, Shoes.BALANCED)
                .on("verifier", INCORRECT);
        Curated curated = curation().curate(Shoes.SAMPLE);
        assertThat(curated.rounds()).hasSize(3);
        assertThat(curated.outcome())
                .isEqualTo(new Refused(Stage.VERIFY, "no rewrite passed: judge", "step 2 adds instead of subtracting"));
    }

    @Test
    void nonsense_is_asked_again_as_another_sample_and_then_sense_counts() {
        chat.on("critic", "brief|balanced|complex", "I would say it is balanced, or complex.", "**Label: balanced**")
                .on("verifier", CORRECT);
        Curated curated = curation().curate(Shoes.SAMPLE);
        assertThat(curated.critique().label()).isEqualTo(Difficulty.MEDIUM);
        assertThat(curated.critique().votes().getFirst().failedAttempts()).hasSize(2);
        assertThat(chat.requests).extracting(request -> request.sample()).containsExactly(0, 1, 2, 0);
    }

    @Test
    void nothing_but_nonsense_refuses_the_sample_with_its_reason() {
        chat.on("critic", "I cannot help with that.");
        Curated curated = curation().curate(Shoes.SAMPLE);
        assertThat(curated.outcome())
                .isEqualTo(new Refused(
                        Stage.CRITIQUE,
                        "no label: does not end with a line Label",
                        "does not end with a line Label: brief, balanced or complex"));
        assertThat(chat.calls("critic")).isEqualTo(Agent.ATTEMPTS);
    }

    @Test
    void a_reply_that_is_all_thinking_is_told_as_one() {
        chat.on("critic", _ -> new ChatReply("scripted", " ", "Label: brief", Finish.STOP, Usage.NONE))
                .on("critic", "");
        Curated curated = curation().curate(Shoes.SAMPLE);
        assertThat(curated.critique().votes().getFirst().failedAttempts())
                .extracting(FailedAttempt::reason)
                .containsExactly(
                        "is all thinking (reasoning_content), with no answer after it", "is empty", "is empty");
    }

    @Test
    void a_truncated_reply_is_never_a_rewrite() {
        chat.on("critic", "Label: brief").truncated("rethinker", Shoes.BALANCED);
        Curated curated = curation().curate(Shoes.SAMPLE);
        assertThat(curated.outcome())
                .isEqualTo(new Refused(
                        Stage.RETHINK, "no rewrite: cut off by the token limit", "cut off by the token limit"));
        assertThat(curated.rounds()).hasSize(1).allMatch(round -> round.verification() == null);
        assertThat(chat.requests.stream()
                        .filter(request -> request.agent().equals("rethinker"))
                        .map(request -> request.room()))
                .containsExactly(1, 2, 4);
    }

    @Test
    void rewrites_that_mostly_cannot_be_used_are_not_asked_for_round_after_round() {
        chat.on("critic", "Label: complex")
                .on("rethinker", "No box.", "Nor here.", Shoes.BALANCED, "No box.", "Nor here.", Shoes.OTHER_BALANCED)
                .on("verifier", INCORRECT);
        Curated curated = curation().curate(Shoes.SAMPLE);
        assertThat(curated.outcome()).isInstanceOf(Refused.class);
        assertThat(chat.calls("rethinker")).isEqualTo(6);
    }

    @Test
    void a_truncated_verdict_does_not_verify() {
        chat.on("critic", "Label: brief").on("rethinker", Shoes.BALANCED, Shoes.OTHER_BALANCED);
        chat.truncated("verifier", CORRECT);
        Curated curated = curation().curate(Shoes.SAMPLE);
        assertThat(curated.outcome())
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo("no rewrite passed: judge unreadable"));
    }

    @Test
    void an_unreadable_judge_buys_no_new_rewrite() {
        chat.on("critic", "Label: brief").on("rethinker", Shoes.BALANCED, Shoes.OTHER_BALANCED);
        chat.on("verifier", "Well.", "Well.", "Well.", CORRECT);
        Curated curated = curation().curate(Shoes.SAMPLE);
        assertThat(curated.outcome()).isInstanceOf(Refused.class);
        assertThat(chat.calls("rethinker")).isEqualTo(1);
        assertThat(chat.message("verifier", 1)).contains("could not be read: it does not end with a line Verdict");
    }

    @Test
    void what_was_paid_for_in_vain_is_counted_with_its_reason() {
        chat.on("critic", "Hm.", "Label: brief")
                .on("rethinker", "Okay, here is a simplified version:\n\n" + Shoes.BALANCED, Shoes.BALANCED)
                .on("verifier", CORRECT);
        CurationTally tally = new CurationTally();
        tally.add(curation().curate(Shoes.SAMPLE), List.of());
        CurationSummary.Replies rethinker = tally.summary().replies().get("rethinker");
        assertThat(rethinker.wasted()).isEqualTo(1);
        assertThat(rethinker.reasons()).containsExactly(java.util.Map.entry("speaks of how it was made", 1L));
        assertThat(tally.summary().replies().get("critic").wasted()).isEqualTo(1);
    }

    @Test
    void what_a_model_thinks_decides_nothing() {
        chat.on(
                        "critic",
                        "<think>Label: brief</think>",
                        "<think>\nLabel: complex\n</think>\n\nFine.\n\nLabel: balanced")
                .on("verifier", "[THINK]Verdict: incorrect[/THINK]" + CORRECT);
        Curated curated = curation().curate(Shoes.SAMPLE);
        assertThat(curated.critique().label()).isEqualTo(Difficulty.MEDIUM);
        assertThat(curated.critique().reasoning()).contains("Fine.");
        assertThat(curated.originalCheck().passed()).isTrue();
        assertThat(chat.calls("critic")).isEqualTo(2);
    }

    @Test
    void every_call_can_be_listened_to_as_it_was_sent() {
        chat.on("critic", "Label: balanced").on("verifier", CORRECT);
        List<AgentCall> calls = new java.util.ArrayList<>();
        AgentCall.listening(calls::add, () -> curation().curate(Shoes.SAMPLE));
        assertThat(calls).extracting(AgentCall::request).isEqualTo(chat.requests);
        assertThat(calls).extracting(call -> call.reply().text()).containsExactly("Label: balanced", CORRECT);
    }

    @Test
    void a_rewrite_that_never_comes_costs_the_attempts_once() {
        chat.on("critic", "Label: complex").on("rethinker", "Okay, here is a simplified version:\n\n" + Shoes.BALANCED);
        Curated curated = curation().curate(Shoes.SAMPLE);
        assertThat(curated.outcome())
                .isEqualTo(new Refused(
                        Stage.RETHINK,
                        "no rewrite: speaks of how it was made",
                        "speaks of how it was made: \"Okay, here is a simplified version:\" at its beginning"));
        assertThat(chat.calls("rethinker")).isEqualTo(Agent.ATTEMPTS);
        assertThat(chat.message("rethinker", 1))
                .contains(
                        "Your last reply to this was refused",
                        "here is a simplified version",
                        "speaks of how it was made");
    }

    @Test
    void the_rule_stops_what_the_judge_lets_pass() {
        chat.on("critic", "Label: brief")
                .on("rethinker", Shoes.WRONG, Shoes.BALANCED)
                .on("verifier", CORRECT);
        Curated curated = curation().curate(Shoes.SAMPLE);
        assertThat(curated.rounds()).extracting(Round::verified).containsExactly(false, true);
        assertThat(curated.rounds().getFirst().verification().stoppedBy()).isEqualTo("rule");
    }

    @Test
    void the_blind_reader_sees_no_final_answer_and_must_find_it() {
        chat.on("critic", "Label: brief")
                .on("rethinker", Shoes.BALANCED, Shoes.OTHER_BALANCED)
                .on("verifier", CORRECT)
                .on("blind", "So \\boxed{12}", "So \\boxed{13}");
        Curated curated = curation(Check.JUDGE, Check.RULE, Check.BLIND).curate(Shoes.SAMPLE);
        assertThat(curated.rounds()).extracting(Round::verified).containsExactly(false, true);
        assertThat(chat.message("blind", 0))
                .contains("Together they have 8 + 5 = 13 pairs.")
                .doesNotContain("The answer is")
                .doesNotContain("=== answer");
        assertThat(chat.message("rethinker", 1)).contains("lead to 12 instead of 13");
    }

    @Test
    void a_request_that_the_endpoint_refuses_refuses_this_sample_only() {
        chat.on("critic", _ -> {
            throw new ChatException(Kind.REQUEST, "context too long");
        });
        assertThat(curation().curate(Shoes.SAMPLE).outcome())
                .isEqualTo(
                        new Refused(Stage.CRITIQUE, "no label: request refused", "request refused: context too long"));
        assertThat(chat.calls("critic")).isEqualTo(1);
    }

    @Test
    void a_revoked_key_is_not_a_matter_of_the_sample() {
        chat.on("critic", _ -> {
            throw new ChatException(Kind.FATAL, "401");
        });
        assertThatThrownBy(() -> curation().curate(Shoes.SAMPLE)).isInstanceOf(ChatException.class);
    }

    @Test
    void a_content_filter_stop_is_no_rewrite() {
        chat.on("critic", "Label: brief").on("rethinker", _ -> Scripted.reply(Shoes.BALANCED, Finish.CONTENT_FILTER));
        assertThat(curation().curate(Shoes.SAMPLE).outcome())
                .isEqualTo(new Refused(
                        Stage.RETHINK, "no rewrite: stopped by the content filter", "stopped by the content filter"));
    }

    @Test
    void what_exceeds_an_agents_length_limit_is_not_sent() {
        Critic critic =
                new Critic(new Agent("critic", chat, 3, 500), PromptSet.BUILT_IN.get(AgentTask.CRITIQUE), "7B", 1);
        Curated curated = new Curation(
                        critic, new Rethinker(chat, "7B"), new Verifier(chat), null, CurationSettings.DEFAULT)
                .curate(Shoes.SAMPLE);
        assertThat(((Refused) curated.outcome()).detail()).startsWith("too long for the critic");
        assertThat(chat.requests).isEmpty();
    }

    @Test
    void the_majority_of_votes_is_the_label_and_agreement_is_kept() {
        chat.on("critic", "Label: complex", "Label: balanced", "Label: balanced");
        Critique critique = new Critic(chat, "0.5B", 3).critique(Shoes.SAMPLE);
        assertThat(critique.label()).isEqualTo(Difficulty.MEDIUM);
        assertThat(critique.agreement()).isEqualTo(2.0 / 3);
        assertThat(chat.requests).extracting(request -> request.sample()).containsExactly(0, 3, 6);
    }

    @Test
    void among_equal_votes_the_first_decides() {
        chat.on("critic", "Label: complex", "Label: brief");
        assertThat(new Critic(chat, "0.5B", 2).critique(Shoes.SAMPLE).label()).isEqualTo(Difficulty.HARD);
    }

    @Test
    void a_rewrite_is_critiqued_again_where_that_is_asked_for() {
        chat.on("critic", "Label: complex", "Still skips the carry.\nLabel: brief", "Label: balanced")
                .on("rethinker", Shoes.BALANCED, Shoes.OTHER_BALANCED)
                .on("verifier", CORRECT);
        Curated curated = curation(new CurationSettings(3, false, true)).curate(Shoes.SAMPLE);
        assertThat(curated.outcome()).isEqualTo(new Kept(Rationale.of(Shoes.OTHER_BALANCED), "rewrite"));
        assertThat(chat.message("rethinker", 1)).contains("too brief for the reader. Still skips the carry.");
    }

    @Test
    void a_medium_rationale_that_is_wrong_in_a_step_is_repaired() {
        chat.on("critic", "Label: balanced").on("verifier", INCORRECT, CORRECT).on("rethinker", Shoes.BALANCED);
        Curated curated = curation().curate(Shoes.SAMPLE);
        assertThat(curated.outcome()).isEqualTo(new Kept(Rationale.of(Shoes.BALANCED), "rewrite"));
        assertThat(chat.message("rethinker", 0))
                .startsWith("[cogent repair v1]")
                .contains("=== fault")
                .contains("step 2 adds instead of subtracting");
    }

    @Test
    void a_medium_rationale_that_answers_otherwise_is_repaired_whether_or_not_it_is_read() {
        chat.on("critic", "Label: balanced").on("rethinker", Shoes.BALANCED).on("verifier", CORRECT);
        Sample wrong = new Sample(Shoes.PROBLEM, Rationale.of(Shoes.WRONG));
        Curated curated = curation(new CurationSettings(3, false, false)).curate(wrong);
        assertThat(curated.outcome()).isInstanceOf(Kept.class);
        assertThat(chat.message("rethinker", 0)).contains("its final answer is 19, which differs from");
    }

    @Test
    void a_medium_rationale_whose_judge_cannot_be_read_is_not_passed_on() {
        chat.on("critic", "Label: balanced").on("verifier", "Well.");
        assertThat(curation().curate(Shoes.SAMPLE).outcome())
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo("medium but not verified: judge unreadable"));
        assertThat(chat.requests).hasSize(1 + Agent.ATTEMPTS);
    }

    @Test
    void an_original_that_thinks_aloud_gets_no_wrong_version_beside_that_of_its_rewrite() {
        Rationale aloud =
                Rationale.of("Hmm, 8 and 3. Wait, fewer: 8 - 3 = 5. Let me double-check: 5 + 3 = 8.\n\n\\boxed{13}");
        chat.on("critic", "Label: complex")
                .on("rethinker", Shoes.BALANCED)
                .on("verifier", CORRECT)
                .on("distractor", Shoes.WRONG);
        Curated curated = withDistractor(1).curate(new Sample(Shoes.PROBLEM, aloud));
        assertThat(curated.distractions())
                .extracting(Distraction::against)
                .containsExactly(Distraction.Against.SUITABLE);
    }

    @Test
    void a_rewrite_that_changes_nothing_is_no_rewrite() {
        chat.on("critic", "Label: brief").on("rethinker", Shoes.TERSE.text());
        assertThat(curation().curate(Shoes.SAMPLE).outcome())
                .isEqualTo(new Refused(
                        Stage.RETHINK, "no rewrite: leaves the rationale as it was", "leaves the rationale as it was"));
    }

    @Test
    void wrong_rationales_are_patterned_on_both_right_sides() {
        chat.on("critic", "Label: brief")
                .on("rethinker", Shoes.BALANCED)
                .on("verifier", CORRECT)
                .on("distractor", Shoes.WRONG, Shoes.WRONG_TERSE);
        Curated curated = withDistractor(1).curate(Shoes.SAMPLE);
        assertThat(curated.distractions())
                .extracting(
                        Distraction::against, distraction -> distraction.reply().value())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Distraction.Against.SUITABLE, Rationale.of(Shoes.WRONG)),
                        org.assertj.core.groups.Tuple.tuple(
                                Distraction.Against.ORIGINAL, Rationale.of(Shoes.WRONG_TERSE)));
        assertThat(chat.message("distractor", 0))
                .contains(laidOut(Shoes.BALANCED).text());
        assertThat(chat.message("distractor", 1)).contains(Shoes.TERSE.text());
    }

    @Test
    void two_wrong_rationales_are_of_different_slips_and_never_alike() {
        chat.on("critic", "Label: balanced").on("verifier", CORRECT).on("distractor", Shoes.WRONG_TERSE);
        Curated curated = withDistractor(2).curate(Shoes.SAMPLE);
        assertThat(curated.distractions()).extracting(Distraction::mistake).doesNotHaveDuplicates();
        assertThat(curated.distractions().getLast().reply().failure()).isEqualTo("repeats another wrong rationale");
    }

    @Test
    void the_student_reads_blind_by_going_on_where_the_work_breaks_off() {
        chat.on("blind", "13", "{12");
        Verifier one = new Verifier(chat);
        Verifier blind =
                new Verifier(one.judge(), one.blind(), null, RowFormat.THINK, one.prompts(), EnumSet.of(Check.BLIND));
        assertThat(blind.verify(Shoes.PROBLEM, Shoes.TERSE, 1).passed()).isTrue();
        assertThat(blind.verify(Shoes.PROBLEM, Shoes.TERSE, 2)
                        .findings()
                        .getFirst()
                        .reason())
                .isEqualTo("its steps, read without the final answer, lead to {12 instead of 13");
        assertThat(chat.requests.getFirst().messages().getLast().content())
                .isEqualTo("<think>\n8 and 5 make 13.\n</think>\n\n\\boxed{");
    }

    @Test
    void a_second_judge_counts_and_its_agreement_is_known() {
        chat.on("critic", "Label: brief")
                .on("rethinker", Shoes.BALANCED, Shoes.OTHER_BALANCED)
                .on("verifier", CORRECT)
                .on("other", INCORRECT, CORRECT);
        Verifier one = new Verifier(chat);
        Verifier two =
                new Verifier(one.judge(), one.blind(), Agent.of("other", chat), null, one.prompts(), one.checks());
        Curated curated = Curation.of(new Critic(chat, "0.5B"), new Rethinker(chat, "0.5B"), two)
                .curate(Shoes.SAMPLE);
        assertThat(curated.rounds()).extracting(Round::verified).containsExactly(false, true);
        CurationTally tally = new CurationTally();
        tally.add(curated, List.of());
        assertThat(tally.summary().agreement())
                .containsEntry("second judge", new CurationSummary.Agreement(1, 0, 1, 0))
                .containsEntry("rule", new CurationSummary.Agreement(2, 0, 0, 0));
    }

    @Test
    void the_rule_knows_equal_values_and_says_when_it_cannot_tell() {
        assertThat(rule("\\frac{1}{2}", "0.5")).isEqualTo(Verification.Result.PASSED);
        assertThat(rule("12", "13")).isEqualTo(Verification.Result.FAILED);
        assertThat(rule("", "13")).isEqualTo(Verification.Result.FAILED);
        assertThat(rule("\\sqrt{x^2}", "x")).isEqualTo(Verification.Result.UNDECIDED);
    }

    @Test
    void what_the_rule_cannot_tell_is_kept_and_is_never_a_rejected_side() {
        chat.on("critic", "Label: balanced").on("verifier", CORRECT);
        Problem open = new Problem("q", "Describe it.", "x");
        Rationale stated = new Rationale("It bends.\n\n\\boxed{\\sqrt{x^2}}", "\\sqrt{x^2}");
        assertThat(curation().curate(new Sample(open, stated)).outcome()).isInstanceOf(Kept.class);
        assertThat(WrongRationale.reallyWrong(open, stated))
                .hasValueSatisfying(reason -> assertThat(reason).startsWith("cannot tell"));
    }

    private static Rationale laidOut(String text) {
        return RationaleLayout.of(Rationale.of(text));
    }

    private static Verification.Result rule(String stated, String reference) {
        return Verifier.rule(new Problem("q", "?", reference), new Rationale("So it is.", stated))
                .result();
    }

    @Test
    void without_checks_every_rewrite_passes_unread() {
        chat.on("critic", "Label: brief").on("rethinker", "Anything at all, so it is \\boxed{99}.");
        Verifier usual = new Verifier(chat);
        Verifier none = new Verifier(usual.judge(), usual.blind(), usual.prompts(), Set.of());
        Curation plain = curation();
        Curated curated =
                new Curation(plain.critic(), plain.rethinker(), none, null, plain.settings()).curate(Shoes.SAMPLE);
        assertThat(curated.outcome()).isInstanceOf(Kept.class);
        assertThat(chat.calls("verifier")).isZero();
    }

    @Test
    void without_a_critic_everything_is_rewritten_and_nobody_is_asked_for_a_label() {
        chat.on("rethinker", "Shorter, so it is \\boxed{3}.").on("verifier", CORRECT);
        Curation plain = curation(Check.JUDGE);
        Curated curated = new Curation(
                        new NoCritic(Difficulty.HARD), plain.rethinker(), plain.verifier(), null, plain.settings())
                .curate(Shoes.SAMPLE);
        assertThat(curated.rounds()).hasSize(1);
        assertThat(chat.calls("critic")).isZero();
    }
}
