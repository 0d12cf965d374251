package cogent.studio.http;

/** A request that is refused, with the HTTP status and words for whoever sent it. */
public final class RefusedRequest extends RuntimeException {
    private static final long serialVersionUID = 1L;

    final int status;

    public RefusedRequest(int status, String message) {
        super(message);
        this.status = status;
    }

    public static RefusedRequest notFound(String what) {
        return new RefusedRequest(404, what);
    }
}
