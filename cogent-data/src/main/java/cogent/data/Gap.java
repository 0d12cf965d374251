package cogent.data;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The cognitive gap between the two sides of a preference pair: CogPO's mini-tasks. */
public enum Gap {
    /** Suitable rewrite over the correct but unsuitable original. */
    @JsonProperty("small")
    SMALL,
    /** Correct but unsuitable original over an incorrect rationale. */
    @JsonProperty("medium")
    MEDIUM,
    /** Suitable rationale over an incorrect one. */
    @JsonProperty("large")
    LARGE
}
