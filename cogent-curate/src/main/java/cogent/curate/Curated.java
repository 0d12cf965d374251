package cogent.curate;

import cogent.curate.agent.Critique;
import cogent.curate.agent.Distraction;
import cogent.curate.agent.Verification;
import cogent.data.Sample;
import java.util.List;

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
}
