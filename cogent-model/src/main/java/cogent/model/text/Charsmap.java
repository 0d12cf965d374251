package cogent.model.text;

import cogent.data.InputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.BitSet;
import tools.jackson.databind.JsonNode;

/**
 * SentencePiece's {@code precompiled_charsmap}, walked as a text would walk it: a double-array trie (darts-clone) over UTF-8
 * bytes whose leaves point into texts that end with a zero byte. The native library follows it without a look at its
 * bounds.
 */
final class Charsmap {
    /** No byte of UTF-8 is above. */
    private static final int LARGEST_BYTE = 0xF4;

    private Charsmap() {}

    /** @throws InputException when it is cut off, or some text would lead out of it */
    static void require(JsonNode base64) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(base64.asString("")))
                    .order(ByteOrder.LITTLE_ENDIAN);
            int size = bytes.remaining() < Integer.BYTES ? 0 : bytes.getInt();
            if (size <= 0 || size % Integer.BYTES != 0 || size > bytes.remaining()) {
                throw new InputException("normalizer Precompiled: precompiled_charsmap is cut off");
            }
            int[] trie = new int[size / Integer.BYTES];
            bytes.asReadOnlyBuffer()
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asIntBuffer()
                    .get(trie);
            ByteBuffer texts = bytes.position(Integer.BYTES + size).slice();
            StandardCharsets.UTF_8.newDecoder().decode(texts.duplicate());
            walk(trie, texts);
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw new InputException(
                    "normalizer Precompiled: precompiled_charsmap cannot be decoded: " + e.getMessage(), e);
        }
    }

    private static void walk(int[] trie, ByteBuffer texts) {
        BitSet seen = new BitSet(trie.length);
        ArrayDeque<Integer> open = new ArrayDeque<>();
        open.add(offset(trie[0]));
        while (!open.isEmpty()) {
            int at = open.remove();
            for (int c = 1; c <= LARGEST_BYTE; c++) {
                int unit = unit(trie, at ^ c);
                if ((unit & 0x8000_00FF) != c || seen.get(at ^ c)) {
                    continue;
                }
                seen.set(at ^ c);
                int next = at ^ c ^ offset(unit);
                if ((unit >>> 8) % 2 != 0) {
                    requireText(unit(trie, next) & 0x7FFF_FFFF, texts);
                }
                open.add(next);
            }
        }
    }

    private static int offset(int unit) {
        return (unit >>> 10) << ((unit & (1 << 9)) >>> 6);
    }

    private static int unit(int[] trie, int at) {
        if (at < 0 || at >= trie.length) {
            throw new InputException("normalizer Precompiled: precompiled_charsmap leads out of its trie");
        }
        return trie[at];
    }

    /** A leaf points at the beginning of a character. */
    private static void requireText(int at, ByteBuffer texts) {
        if (at > texts.limit() || (at < texts.limit() && (texts.get(at) & 0xC0) == 0x80)) {
            throw new InputException("normalizer Precompiled: precompiled_charsmap leads out of its texts");
        }
    }
}
