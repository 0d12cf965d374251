package cogent.data;

/** The cognitive gap between the two sides of a preference pair: CogPO's mini-tasks. */
public enum Gap {
    /** Suitable rewrite over the correct but unsuitable original. */
    SMALL,
    /** Correct but unsuitable original over an incorrect rationale. */
    MEDIUM,
    /** Suitable rationale over an incorrect one. */
    LARGE
}
