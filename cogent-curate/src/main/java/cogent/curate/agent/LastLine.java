package cogent.curate.agent;

import java.util.regex.Pattern;

/**
 * A reply's last line, where verdicts stand, and the text before it.
 *
 * @param plain without Markdown emphasis
 */
record LastLine(String plain, String before) {
    private static final Pattern EMPHASIS = Pattern.compile("[*_`#>\"]");

    static LastLine of(String reply) {
        String text = reply.strip();
        int start = text.lastIndexOf('\n') + 1;
        return new LastLine(
                plain(text.substring(start)), text.substring(0, start).strip());
    }

    static String plain(String line) {
        return EMPHASIS.matcher(line).replaceAll("").strip();
    }
}
