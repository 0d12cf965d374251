package cogent.curate;

import cogent.curate.agent.AgentResult;
import cogent.curate.agent.Critique;
import cogent.curate.agent.Distraction;
import cogent.curate.agent.FailedAttempt;
import cogent.curate.agent.Verification;
import cogent.data.Sample;
import java.util.List;
import java.util.stream.Stream;

/**
 * A sample with its whole story.
 *
 * @param originalCheck how the rationale from the corpus fared: always the rule; the Verifier's other checks where medium
 *     rationales are verified
 * @param rounds every rewrite with its verification, in order; empty for a medium rationale
 * @param distractions the wrong rationales asked for, used or not
 */
public record Curated(
        Sample sample,
        Critique critique,
        Verification originalCheck,
        List<Round> rounds,
        List<Distraction> distractions,
        SampleOutcome outcome) {
    public Curated {
        rounds = List.copyOf(rounds);
        distractions = List.copyOf(distractions);
    }

    /** Everything that was asked and brought nothing. */
    public Stream<FailedAttempt> failedAttempts() {
        Stream<Verification> verifications =
                Stream.concat(Stream.of(originalCheck), rounds.stream().flatMap(Round::verifications));
        return Stream.of(
                        critique.votes().stream().map(AgentResult::failedAttempts),
                        verifications.flatMap(v -> v.findings().stream()).map(Verification.Finding::failedAttempts),
                        rounds.stream().map(round -> round.rewrite().failedAttempts()),
                        distractions.stream().map(wrong -> wrong.reply().failedAttempts()))
                .flatMap(attempts -> attempts)
                .flatMap(List::stream);
    }
}
