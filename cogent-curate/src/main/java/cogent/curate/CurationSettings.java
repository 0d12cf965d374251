package cogent.curate;

/**
 * The knobs of the path itself; each agent has its own.
 *
 * @param rounds how often a rationale may be rewritten before the sample is refused
 * @param verifyMedium whether a medium original must pass the Verifier too, one call each, and is repaired where it does
 *     not; the paper takes it as it is
 * @param recritique whether a verified rewrite must also be labelled medium by the Critic
 */
public record CurationSettings(int rounds, boolean verifyMedium, boolean recritique) {
    /** Three rounds, since what two reasons could not mend a third seldom does. */
    public static final CurationSettings DEFAULT = new CurationSettings(3, true, false);

    public CurationSettings {
        if (rounds < 1) {
            throw new IllegalArgumentException("rounds must be at least 1");
        }
    }
}
