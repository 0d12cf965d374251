package cogent.answer.math;

import java.text.Normalizer;

/** Digits and signs of other widths and scripts, as keyboards for Chinese, Japanese, Arabic or Hindi write them. */
public final class PlainSigns {
    private static final int FULL_WIDTH = '！';
    private static final int FULL_WIDTH_END = '～';

    private PlainSigns() {}

    /** The text with those digits and signs in ASCII. */
    public static String of(String text) {
        String numerals = HanNumerals.plain(Spellings.numerals(text));
        return numerals.chars().allMatch(c -> c < 0x600) ? numerals : ascii(numerals);
    }

    private static String ascii(String text) {
        var plain = new StringBuilder(text.length());
        text.codePoints().filter(c -> !isEmoji(c)).forEach(c -> append(plain, c));
        return plain.toString().isBlank() ? text : plain.toString();
    }

    private static void append(StringBuilder plain, int c) {
        if (c == '∴') {
            plain.append("so ");
        } else if (c >= 0x2150 && c <= 0x215e) {
            plain.append(Normalizer.normalize(Character.toString(c), Normalizer.Form.NFKC)
                    .replace('⁄', '/'));
        } else {
            plain.appendCodePoint(plain(c));
        }
    }

    /** Ticks, crosses, pictures: they adorn an answer. */
    private static boolean isEmoji(int c) {
        return (c >= 0x2600 && c <= 0x2775)
                || (c >= 0x2794 && c <= 0x27be)
                || (c >= 0x1f300 && c <= 0x1faff)
                || c == 0xfe0f
                || Character.getType(c) == Character.FORMAT;
    }

    private static int plain(int c) {
        if (c >= FULL_WIDTH && c <= FULL_WIDTH_END) {
            return c - FULL_WIDTH + '!';
        }
        if (Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER) {
            return '0' + Character.digit(c, 10);
        }
        return switch (c) {
            case 0x3000, 0x2007, 0x2008, 0x2009, 0x200a, 0x205f -> ' ';
            case 0x2010, 0x2011, 0x2012, 0xfe63 -> '-';
            case 0xffe5 -> '¥';
            case 0xffe0 -> '¢';
            case 0xffe1 -> '£';
            case 0x066b -> '.';
            case 0x066c -> ',';
            default -> c;
        };
    }
}
