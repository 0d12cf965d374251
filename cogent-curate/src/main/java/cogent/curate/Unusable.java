package cogent.curate;

/** Thrown by a {@link Reading} for a reply that cannot be used. */
final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    private final Miss.Kind kind;

    private Unusable(Miss.Kind kind, String reason) {
        // cheap: an expected answer, no fault whose origin anyone would look up
        super(reason, null, false, false);
        this.kind = kind;
    }

    static Unusable unreadable(String reason) {
        return new Unusable(Miss.Kind.UNREADABLE, reason);
    }

    static Unusable unfit(String reason) {
        return new Unusable(Miss.Kind.UNFIT, reason);
    }

    Miss miss() {
        return new Miss(kind, String.valueOf(getMessage()));
    }
}
