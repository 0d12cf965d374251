package cogent.data;

/** How a rationale suits the small model: a property of the rationale relative to the student, not of the problem. */
public enum Difficulty {
    /** Too brief: leaves out details that the small model needs. */
    EASY,
    /** Balanced: enough guidance to reach the answer. */
    MEDIUM,
    /** Over-complex: redundant or convoluted steps that the small model cannot follow. */
    HARD
}
