package cogent.model.text;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The bytes that each token alone stands for in a text, as the tokenizer's decoder makes them; a character may be spread
 * over several tokens.
 */
public final class TokenBytes {
    /** GPT-2's {@code bytes_to_unicode}, backwards: bytes that are no printable character stand at 256 and up. */
    private static final int[] BYTE_OF = new int[512];

    static {
        int others = 256;
        for (int b = 0; b < 256; b++) {
            boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
            BYTE_OF[printable ? b : others++] = b;
        }
    }

    private final @Nullable String[] spellings;
    private final Set<Integer> special = new HashSet<>();
    private final Set<Integer> added;
    private final Set<String> decoders = new HashSet<>();

    public TokenBytes(Tokenizer tokenizer) {
        Vocabulary vocabulary = tokenizer.vocabulary();
        spellings = new String[vocabulary.size()];
        vocabulary.tokens().forEach((token, id) -> spellings[id] = token);
        vocabulary.added().forEach((token, id) -> spellings[id] = token);
        added = Set.copyOf(vocabulary.added().values());
        vocabulary.added().forEach((token, id) -> {
            if (vocabulary.isSpecial(token)) {
                special.add(id);
            }
        });
        JsonNode decoder = vocabulary.parts().get("decoder");
        if (decoder != null) {
            decoder.findValues("type").forEach(type -> decoders.add(type.asString("")));
        }
    }

    /** Whether the token steers the model and is no text. */
    public boolean isSpecial(int id) {
        return special.contains(id) || id < 0 || id >= spellings.length || spellings[id] == null;
    }

    /** How the vocabulary spells it; {@code token_id:5} where it has none, as for rows that fill up an embedding. */
    public String spelling(int id) {
        String spelling = id >= 0 && id < spellings.length ? spellings[id] : null;
        return spelling == null ? "token_id:" + id : spelling;
    }

    /** UTF-8, or a part of a character of it. */
    public byte[] of(int id) {
        String spelling = spelling(id);
        boolean own = !added.contains(id);
        if (own && decoders.contains("ByteLevel") && spelling.chars().allMatch(c -> c < BYTE_OF.length)) {
            byte[] bytes = new byte[spelling.length()];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) BYTE_OF[spelling.charAt(i)];
            }
            return bytes;
        }
        if (own && decoders.contains("ByteFallback") && spelling.matches("<0x[0-9A-F]{2}>")) {
            return new byte[] {(byte) Integer.parseInt(spelling, 3, 5, 16)};
        }
        boolean spaced = decoders.contains("Metaspace") || decoders.contains("Replace");
        return utf8(spaced ? spelling.replace('▁', ' ') : spelling);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
