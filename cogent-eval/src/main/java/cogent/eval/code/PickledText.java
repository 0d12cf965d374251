package cogent.eval.code;

import cogent.data.InputException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads a Python pickle that holds one text and nothing else. Nothing is executed: opcodes that build objects, import
 * names or call anything are refused. Opcodes as in Python's {@code pickletools}, protocols 0 to 5.
 */
final class PickledText {
    private PickledText() {}

    /** @throws InputException when the pickle holds anything but a text */
    static String read(byte[] pickle) {
        ByteBuffer in = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
        String text = null;
        try {
            while (true) {
                int opcode = in.get() & 0xff;
                switch (opcode) {
                    case 0x80 -> in.get(); // PROTO
                    case 0x95 -> in.getLong(); // FRAME
                    case 0x94 -> {} // MEMOIZE
                    case 'q' -> in.get(); // BINPUT
                    case 'r' -> in.getInt(); // LONG_BINPUT
                    case 'p' -> line(in); // PUT
                    case 0x8c -> text = once(text, text(in, in.get() & 0xff)); // SHORT_BINUNICODE
                    case 'X' -> text = once(text, text(in, Integer.toUnsignedLong(in.getInt()))); // BINUNICODE
                    case 0x8d -> text = once(text, text(in, in.getLong())); // BINUNICODE8
                    case 'V' -> text = once(text, unescaped(line(in))); // UNICODE
                    case '.' -> {
                        if (text == null) {
                            throw new InputException("the pickle holds no text");
                        }
                        return text;
                    }
                    default -> throw refused("opcode 0x" + Integer.toHexString(opcode));
                }
            }
        } catch (BufferUnderflowException e) {
            throw new InputException("the pickle is cut off", e);
        }
    }

    private static String once(@Nullable String before, String now) {
        if (before != null) {
            throw refused("several values");
        }
        return now;
    }

    private static InputException refused(String what) {
        return new InputException("the pickle holds more than a text (" + what + "); it is not executed");
    }

    private static String text(ByteBuffer in, long length) {
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[(int) length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String line(ByteBuffer in) {
        int start = in.position();
        int end = start;
        while (in.get() != '\n') {
            end++;
        }
        byte[] bytes = new byte[end - start];
        in.get(start, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Protocol 0 writes {@code raw-unicode-escape}: Latin-1 with backslash-u escapes. */
    private static String unescaped(String line) {
        StringBuilder text = new StringBuilder(line.length());
        for (int i = 0; i < line.length(); i++) {
            char kind = line.charAt(i) == '\\' && i + 1 < line.length() ? line.charAt(i + 1) : ' ';
            int digits = kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
            if (digits == 0 || i + 2 + digits > line.length()) {
                text.append(line.charAt(i));
                continue;
            }
            try {
                text.appendCodePoint(Integer.parseInt(line.substring(i + 2, i + 2 + digits), 16));
            } catch (IllegalArgumentException e) {
                throw new InputException("the pickle's text has a broken escape", e);
            }
            i += 1 + digits;
        }
        return text.toString();
    }
}
