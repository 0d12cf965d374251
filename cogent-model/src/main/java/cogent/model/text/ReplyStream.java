package cogent.model.text;

import java.util.List;

/**
 * The text of a reply as its tokens come, up to the first stop string, which is not part of it. Text that may be the
 * beginning of a stop string waits until that is decided. For one thread.
 */
public final class ReplyStream {
    private final TokenStream tokens;
    private final List<String> stops;
    private final StringBuilder waiting = new StringBuilder();
    private boolean stopped;

    /**
     * @param stops none of them empty; may be none
     * @param before tokens that the reply stands behind in one text; none where it is a text of its own
     */
    public ReplyStream(Tokenizer tokenizer, List<String> stops, int... before) {
        if (stops.contains("")) {
            throw new IllegalArgumentException("an empty stop string");
        }
        this.tokens = new TokenStream(tokenizer, before);
        this.stops = List.copyOf(stops);
    }

    /** Takes the next id; returns the text that is certain now. */
    public String push(int id) {
        return stopped ? "" : certain(tokens.push(id), false);
    }

    /** Whether a stop string came: the text is over. */
    public boolean stopped() {
        return stopped;
    }

    /** The rest of the text, now that no token follows. */
    public String finish() {
        return stopped ? "" : certain(tokens.finish(), true);
    }

    private String certain(String piece, boolean last) {
        waiting.append(piece);
        int end = waiting.length();
        for (String stop : stops) {
            int at = waiting.indexOf(stop);
            if (at >= 0 && at <= end) {
                end = at;
                stopped = true;
            }
        }
        if (!stopped && !last) {
            end -= begun();
        }
        String text = waiting.substring(0, end);
        waiting.delete(0, end);
        return text;
    }

    /** How much of the end may be the beginning of a stop string. */
    private int begun() {
        int longest = 0;
        for (String stop : stops) {
            for (int n = Math.min(stop.length() - 1, waiting.length()); n > longest; n--) {
                if (stop.startsWith(waiting.substring(waiting.length() - n))) {
                    longest = n;
                }
            }
        }
        return longest;
    }
}
