package cogent.model.text;

import java.util.Arrays;

/**
 * Text from token ids that come one by one: what {@link #push} and at last {@link #finish} return, joined, is what
 * decoding all ids at once gives (special tokens skipped), and no piece ever ends within a character.
 *
 * <p>A token may hold a part of a character, and some decoders treat the first token of a text specially (they strip its
 * space). Hence a short window of ids is decoded again with each new id: from the last token at whose end all text was
 * whole. Text at the end that is U+FFFD may be the beginning of a character and waits. For one thread.
 */
public final class TokenStream {
    /** A window this long without a whole character at its end holds no text: it is given out as it is. */
    private static final int LONGEST_WINDOW = 256;

    private final Tokenizer tokenizer;
    private int[] window = new int[16];
    private int length;
    private int boundary;
    private int given;

    /**
     * The text behind other tokens, which some decoders join with it by a space.
     *
     * @param before those; only the last few count
     */
    public TokenStream(Tokenizer tokenizer, int... before) {
        this.tokenizer = tokenizer;
        length = Math.min(before.length, window.length / 2);
        System.arraycopy(before, before.length - length, window, 0, length);
        boundary = length;
        given = length == 0 ? 0 : wholeLength(text());
    }

    /** Takes the next id; returns the text that is certain now, often one token's, sometimes empty. */
    public String push(int id) {
        if (length == window.length) {
            window = Arrays.copyOf(window, 2 * length);
        }
        window[length++] = id;
        String text = text();
        int whole = length < LONGEST_WINDOW ? wholeLength(text) : text.length();
        if (whole <= given) {
            return "";
        }
        String piece = text.substring(given, whole);
        given = whole;
        if (whole == text.length()) {
            startWindowAt(boundary);
            boundary = length;
        }
        return piece;
    }

    /** The text still held back, such as the broken end of a reply that was cut off. */
    public String finish() {
        String text = text();
        String rest = text.length() > given ? text.substring(given) : "";
        length = 0;
        boundary = 0;
        given = 0;
        return rest;
    }

    private String text() {
        return tokenizer.decodeSkippingSpecialTokens(Arrays.copyOf(window, length));
    }

    /** Forgets the ids before {@code first}: their text is given out, and the ids from there stand as context. */
    private void startWindowAt(int first) {
        if (first > 0) {
            length -= first;
            System.arraycopy(window, first, window, 0, length);
            given = text().length();
        }
    }

    private static int wholeLength(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '\uFFFD') {
            end--;
        }
        return end;
    }
}
