package cogent.curate.agent;

/** Thrown by a {@link ReplyParser} for a reply that cannot be used. */
final class UnusableReply extends Exception {
    private static final long serialVersionUID = 1L;

    private final FailedAttempt.Kind kind;

    private UnusableReply(FailedAttempt.Kind kind, String reason) {
        // cheap: an expected answer, no fault whose origin anyone would look up
        super(reason, null, false, false);
        this.kind = kind;
    }

    static UnusableReply of(FailedAttempt.Kind kind, String reason) {
        return new UnusableReply(kind, reason);
    }

    static UnusableReply unreadable(String reason) {
        return new UnusableReply(FailedAttempt.Kind.UNREADABLE, reason);
    }

    static UnusableReply unfit(String reason) {
        return new UnusableReply(FailedAttempt.Kind.UNFIT, reason);
    }

    FailedAttempt asFailedAttempt() {
        return new FailedAttempt(kind, String.valueOf(getMessage()));
    }
}
