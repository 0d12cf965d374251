package cogent.answer;

/**
 * Whether two answers are the same.
 *
 * @param reason what decided it, in a few words
 */
public record Verdict(Kind kind, String reason) {
    /** Three-valued: what cannot be decided is said, never guessed. */
    public enum Kind {
        EQUAL,
        DIFFERENT,
        UNKNOWN
    }

    static Verdict equal(String reason) {
        return new Verdict(Kind.EQUAL, reason);
    }

    static Verdict different(String reason) {
        return new Verdict(Kind.DIFFERENT, reason);
    }

    static Verdict unknown(String reason) {
        return new Verdict(Kind.UNKNOWN, reason);
    }

    public boolean isEqual() {
        return kind == Kind.EQUAL;
    }
}
