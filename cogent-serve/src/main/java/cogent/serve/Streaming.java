package cogent.serve;

import java.util.Set;

/**
 * How the answer is wanted.
 *
 * @param on in events as it comes, rather than whole
 * @param usage whether the events end with the token counts
 */
record Streaming(boolean on, boolean usage) {
    static Streaming of(RequestFields fields) {
        RequestFields options = fields.inner("stream_options");
        options.requireServed(Set.of("include_usage"), Neutral.STREAM_OPTIONS);
        return new Streaming(fields.flag("stream"), options.flag("include_usage"));
    }
}
