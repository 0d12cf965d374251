package cogent.curate.agent;

import java.text.Normalizer;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A decision at the end of a reply, one of a few words behind a name: {@code Label: brief}. It is read through what models
 * put around it (emphasis, a box, a code fence, a full-width colon, a JSON object, a row of a table, a reason behind it, a
 * courtesy after it) and never guessed.
 *
 * @param before what stands before the decision
 * @param reason what stands with it in the same line or object; empty where nothing does
 */
record LastLine<T>(T meaning, String before, String reason) {
    private static final Pattern EMPHASIS = Pattern.compile("[*_`#>\"“”„‟«»‹›「」『』]|(?<!\\p{L})['‘’‚]|['‘’](?!\\p{L})");
    /** What more may stand around a decision, and means something in a reason. */
    private static final Pattern AROUND = Pattern.compile(
            "</(?!think)\\w+>?|<(?:b|i|u|em|strong|span|code|mark|label|difficulty|verdict|answer|final|result|output)>"
                    + "|<\\|\\w+\\|>?|\\\\[()\\[\\]]|[<>✔✗]|[\\p{So}\\p{Cf}\\x{FE0F}\\x{1F3FB}-\\x{1F3FF}]");

    private static final Pattern WRAPPED = Pattern.compile("\\\\[a-z]+\\s*\\{([^{}]*)}");
    private static final Pattern NOTHING = Pattern.compile("[^\\p{L}\\p{N}?？]*");
    /** What a polite model says when all is said. */
    private static final Pattern COURTESY = Pattern.compile("(?i)(?:i )?hope (?:this|that|it) (?:helps|is helpful)\\b.*"
            + "|(?:please )?(?:let me know|feel free|don'?t hesitate)\\b.*|if you (?:need|have|would|want|'?d like)\\b.*"
            + "|thank(?:s| you)\\b.*|(?:i(?:'?m| am|'?d be| would be) )?happy to (?:help|assist|explain|elaborate)\\b.*"
            + "|(?:would|do) you (?:like|want|need)\\b.*|is there anything\\b.*|good luck\\b.*|best regards\\b.*|have a \\w+ day\\b.*"
            + "|(?:希望|如有|如果|需要).*(?:帮助|问题|告诉我|补充).*");

    static <T> Optional<LastLine<T>> read(String reply, Choice<T> choice) {
        String said = withoutCourtesy(reply.stripTrailing(), choice);
        return JsonEnd.read(said, choice).or(() -> line(said, choice));
    }

    /** The line without what only decorates it. */
    static String plain(String line) {
        String text = Normalizer.normalize(line, Normalizer.Form.NFKC).replace('。', '.');
        for (String inner = text; ; text = inner) {
            inner = WRAPPED.matcher(text).replaceAll("$1");
            if (inner.equals(text)) {
                return EMPHASIS.matcher(text.replace("$", "")).replaceAll("").strip();
            }
        }
    }

    /** The same for a line that holds a decision and nothing that would lose by it. */
    static String bare(String line) {
        String text = AROUND.matcher(line).replaceAll("");
        return plain(text.replaceAll("[\\[【]", "(").replaceAll("[]】]", ")"));
    }

    private static <T> Optional<LastLine<T>> line(String said, Choice<T> choice) {
        String text = withoutEmptyEnd(said);
        return TableEnd.read(text, choice).or(() -> of(bare(lastOf(text)), withoutLast(text), choice));
    }

    /** @param line without decoration */
    static <T> Optional<LastLine<T>> of(String line, String before, Choice<T> choice) {
        return choice.read(line)
                .map(decision -> new LastLine<>(
                        decision.meaning(),
                        before.strip(),
                        decision.reason().replaceAll("^[\\s(,;:.!–—-]+|[\\s)]+$", "")));
    }

    private static String withoutCourtesy(String reply, Choice<?> choice) {
        String text = reply;
        while (true) {
            String end = withoutEmptyEnd(text);
            String last = bare(lastOf(end));
            if (!COURTESY.matcher(last).matches() || choice.isMentioned(last)) {
                return text;
            }
            text = withoutLast(end).stripTrailing();
        }
    }

    /** Without closing lines that hold no word: the end of a fence or a formula, a rule, an emoji. */
    private static String withoutEmptyEnd(String reply) {
        String text = reply.stripTrailing();
        while (!text.isEmpty() && NOTHING.matcher(bare(lastOf(text))).matches()) {
            text = withoutLast(text);
        }
        return text;
    }

    static String lastOf(String text) {
        return text.substring(text.lastIndexOf('\n') + 1);
    }

    static String withoutLast(String text) {
        return text.substring(0, Math.max(0, text.lastIndexOf('\n')));
    }
}
