package cogent.curate;

import cogent.curate.SampleOutcome.Kept;
import cogent.curate.SampleOutcome.Refused;
import cogent.curate.SampleOutcome.Stage;
import cogent.curate.agent.Agent;
import cogent.curate.agent.AgentResult;
import cogent.curate.agent.Critic;
import cogent.curate.agent.Critique;
import cogent.curate.agent.Distraction;
import cogent.curate.agent.Distraction.Against;
import cogent.curate.agent.Distractor;
import cogent.curate.agent.Labeller;
import cogent.curate.agent.MistakeKind;
import cogent.curate.agent.Rethinker;
import cogent.curate.agent.Rethinker.Revision;
import cogent.curate.agent.Verification;
import cogent.curate.agent.Verifier;
import cogent.curate.prompt.AgentTask;
import cogent.curate.prompt.PromptSet;
import cogent.curate.rationale.ThinkingAloud;
import cogent.data.Difficulty;
import cogent.data.Problem;
import cogent.data.Rationale;
import cogent.data.Sample;
import cogent.llm.ChatModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Critique–Rethink–Verify: the path of one sample, as in the figure of the paper (arXiv 2504.09802). It is a pure
 * function of the sample and of the agents' replies: with stored replies it is computed again without a call.
 *
 * @param distractor null where no wrong rationales are asked for
 */
public record Curation(
        Labeller critic,
        Rethinker rethinker,
        Verifier verifier,
        @Nullable Distractor distractor,
        CurationSettings settings) {

    /**
     * All agents played by one model, with one wrong rationale for each right one.
     *
     * @param student the student's size, such as {@code 0.5B}
     */
    public static Curation of(ChatModel model, String student) {
        return of(model, student, PromptSet.BUILT_IN);
    }

    /** The same with prompts of one's own. */
    public static Curation of(ChatModel model, String student, PromptSet prompts) {
        return new Curation(
                new Critic(Agent.of("critic", model), prompts.get(AgentTask.CRITIQUE), student, 1),
                new Rethinker(Agent.of("rethinker", model), prompts, student),
                new Verifier(Agent.of("verifier", model), Agent.of("blind", model), prompts, Verifier.DEFAULT_CHECKS),
                new Distractor(Agent.of("distractor", model), prompts, List.of(MistakeKind.values()), 1),
                CurationSettings.DEFAULT);
    }

    public static Curation of(Critic critic, Rethinker rethinker, Verifier verifier) {
        return new Curation(critic, rethinker, verifier, null, CurationSettings.DEFAULT);
    }

    /** @throws cogent.llm.ChatException when an endpoint fails in a way that is not about this sample alone */
    public Curated curate(Sample sample) {
        Critique critique = critic.critique(sample);
        Verification original = checkOriginal(sample, critique.label());
        List<Round> rounds = new ArrayList<>();
        SampleOutcome outcome = switch (critique.label()) {
            case null -> Refused.because(Stage.CRITIQUE, "no label", critique.failure());
            case MEDIUM ->
                original.objection().isEmpty()
                        ? keep(sample.rationale(), original)
                        : rethink(
                                sample, new Revision.Repair(original.objection().get()), rounds);
            case EASY, HARD -> rethink(sample, Revision.of(critique.label()), rounds);
        };
        if (nothingToMend(critique, rounds)) {
            critique = critique.decided(Difficulty.MEDIUM);
            original = checkOriginal(sample, Difficulty.MEDIUM);
            outcome = keep(sample.rationale(), original);
        }
        return new Curated(sample, critique, original, rounds, distract(sample, outcome, original), outcome);
    }

    /** Rethink and verify in turn, each time with the reason of the last refusal, until a rewrite passes or none is to be had. */
    private SampleOutcome rethink(Sample sample, Revision revision, List<Round> rounds) {
        Rethinker.Refused refused = null;
        int inVain = 0;
        for (int number = 1; number <= settings.rounds(); number++) {
            AgentResult<Rationale> rewrite = rethinker.rewrite(sample, revision, number, refused);
            Round round = new Round(number, rewrite, verify(sample.problem(), rewrite.value(), number));
            rounds.add(round);
            if (round.verified()) {
                return new Kept(rewrite.found().orElseThrow(), SampleOutcome.REWRITE);
            }
            Optional<Rethinker.Refused> objection = round.refused();
            inVain += rewrite.failedAttempts().size();
            if (objection.isEmpty() || inVain >= rethinker.agent().attempts()) {
                break; // no rewrite in all attempts, or nothing but the checking failed: another would be paid in vain
            }
            refused = objection.get();
        }
        return rounds.getLast().outcome();
    }

    /**
     * The student alone objects to what the teacher finds medium, and the Rethinker, who has read the steps, leaves them as
     * they are: two against one. What the student was measured to make of it stays on record.
     */
    private static boolean nothingToMend(Critique critique, List<Round> rounds) {
        return critique.onlyStudentObjects()
                && !rounds.isEmpty()
                && Rethinker.leftAsItWas(rounds.getLast().rewrite());
    }

    private @Nullable Verification verify(Problem problem, @Nullable Rationale rewrite, int round) {
        if (rewrite == null) {
            return null;
        }
        Verification verification = verifier.verify(problem, rewrite, round);
        return settings.recritique() && verification.passed()
                ? verification.with(
                        critic.critique(new Sample(problem, rewrite)).asFinding())
                : verification;
    }

    /** Costs nothing unless medium rationales are read: the rule needs no call. */
    private Verification checkOriginal(Sample sample, @Nullable Difficulty label) {
        boolean read = settings.verifyMedium() && label == Difficulty.MEDIUM;
        return read
                ? verifier.verifyOriginal(sample.problem(), sample.rationale())
                : new Verification(List.of(Verifier.rule(sample.problem(), sample.rationale())));
    }

    /** A medium rationale that nothing speaks against: one that the Verifier was to read has been read. */
    private SampleOutcome keep(Rationale original, Verification check) {
        return check.stopped()
                ? new Refused(Stage.VERIFY, "medium but not verified: " + check.stoppedBy(), check.failure())
                : new Kept(original, SampleOutcome.ORIGINAL);
    }

    /**
     * Wrong rationales for the large gap (against what the student learns) and the medium gap (against the original). None
     * against an original that thinks aloud: a wrong version of it without doubts and checks, which would give the mistake
     * away, could be told from it by that alone.
     */
    private List<Distraction> distract(Sample sample, SampleOutcome outcome, Verification original) {
        if (distractor == null || !(outcome instanceof Kept kept)) {
            return List.of();
        }
        boolean both = kept.source().equals(SampleOutcome.REWRITE)
                && !original.stopped()
                && !ThinkingAloud.in(sample.rationale().text());
        return Agent.each(
                        both ? 2 : 1,
                        i -> i == 0
                                ? distractor.distract(sample.problem(), kept.rationale(), Against.SUITABLE)
                                : distractor.distract(sample.problem(), sample.rationale(), Against.ORIGINAL))
                .stream()
                .flatMap(List::stream)
                .toList();
    }
}
