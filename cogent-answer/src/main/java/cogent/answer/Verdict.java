package cogent.answer;

import java.util.List;

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

    /** Equal when every part is; different as soon as one is. */
    static Verdict all(List<Verdict> parts, String reason) {
        for (Kind kind : List.of(Kind.DIFFERENT, Kind.UNKNOWN)) {
            for (Verdict part : parts) {
                if (part.kind == kind) {
                    return part;
                }
            }
        }
        return equal(reason);
    }

    public boolean isEqual() {
        return kind == Kind.EQUAL;
    }
}
