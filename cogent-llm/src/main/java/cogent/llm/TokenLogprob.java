package cogent.llm;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A token of a text, and how probable the model found it there.
 *
 * @param offset where its text begins in the reply, in characters (code points); that of a token that begins within a
 *     character is the character's
 * @param top the most probable tokens in its place, most probable first; empty where nobody asked for them
 */
public record TokenLogprob(Candidate chosen, int offset, List<Candidate> top) {
    public TokenLogprob {
        top = List.copyOf(top);
    }

    /**
     * A token that could stand in a place.
     *
     * @param token its text; {@code bytes:\xe2\x80} where it is a part of a character
     * @param bytes its text in UTF-8; empty for a token that steers the model and is no text
     * @param logprob natural logarithm of its probability at temperature 1, before any penalty; NaN for the first token of
     *     a prompt, which nothing stands before
     */
    public record Candidate(String token, List<Byte> bytes, double logprob) {
        public Candidate {
            bytes = List.copyOf(bytes);
        }

        /** A token by its bytes. */
        public static Candidate of(byte[] utf8, double logprob) {
            var bytes = new ArrayList<Byte>(utf8.length);
            for (byte one : utf8) {
                bytes.add(one);
            }
            return new Candidate(spelled(utf8), bytes, logprob);
        }

        private static String spelled(byte[] utf8) {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(utf8))
                        .toString();
            } catch (CharacterCodingException e) {
                var text = new StringBuilder("bytes:");
                for (byte one : utf8) {
                    text.append("\\x%02x".formatted(one));
                }
                return text.toString();
            }
        }
    }
}
