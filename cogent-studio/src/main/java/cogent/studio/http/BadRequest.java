package cogent.studio.http;

/** A request that is refused, with the HTTP status and words for whoever sent it. */
public final class BadRequest extends RuntimeException {
    private static final long serialVersionUID = 1L;

    final int status;

    public BadRequest(int status, String message) {
        super(message);
        this.status = status;
    }

    public static BadRequest notFound(String what) {
        return new BadRequest(404, what);
    }
}
