package cogent.data;

/** UTF-16's pairs of code units, of which JSON can hold half a one and UTF-8 cannot. */
public final class Surrogates {
    private Surrogates() {}

    /** @throws InputException for half a surrogate pair, which no UTF-8 file can hold */
    public static String whole(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw new InputException("broken text: half of a surrogate pair (\\u%04x)".formatted((int) c));
                }
                i++;
            }
        }
        return text;
    }
}
