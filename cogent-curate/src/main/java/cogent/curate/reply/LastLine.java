package cogent.curate.reply;

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
public record LastLine<T>(T meaning, String before, String reason) {
    private static final Pattern NOTHING = Pattern.compile("[^\\p{L}\\p{N}?？]*");
    /** What a polite model says when all is said. */
    private static final Pattern COURTESY = Pattern.compile("(?i)(?:i )?hope (?:this|that|it) (?:helps|is helpful)\\b.*"
            + "|(?:please )?(?:let me know|feel free|don'?t hesitate)\\b.*|if you (?:need|have|would|want|'?d like)\\b.*"
            + "|thank(?:s| you)\\b.*|(?:i(?:'?m| am|'?d be| would be) )?happy to (?:help|assist|explain|elaborate)\\b.*"
            + "|(?:would|do) you (?:like|want|need)\\b.*|is there anything\\b.*|good luck\\b.*|best regards\\b.*|have a \\w+ day\\b.*"
            + "|(?:希望|如有|如果|需要).*(?:帮助|问题|告诉我|补充).*");

    public static <T> Optional<LastLine<T>> read(String reply, Choice<T> choice) {
        String said = withoutCourtesy(reply.stripTrailing(), choice);
        String text = withoutEmptyEnd(said);
        Ending ending = JsonEnd.find(said, choice)
                .or(() -> TableEnd.find(text, choice))
                .orElseGet(() -> new Ending(Plain.decision(lastOf(text)), withoutLast(text)));
        return choice.read(ending.line())
                .map(decision -> new LastLine<>(
                        decision.meaning(),
                        ending.before().strip(),
                        decision.reason().replaceAll("^[\\s(,;:.!–—-]+|[\\s)]+$", "")));
    }

    private static String withoutCourtesy(String reply, Choice<?> choice) {
        String text = reply;
        while (true) {
            String end = withoutEmptyEnd(text);
            String last = Plain.decision(lastOf(end));
            if (!COURTESY.matcher(last).matches() || choice.isMentioned(last)) {
                return text;
            }
            text = withoutLast(end).stripTrailing();
        }
    }

    /** Without closing lines that hold no word: the end of a fence or a formula, a rule, an emoji. */
    private static String withoutEmptyEnd(String reply) {
        String text = reply.stripTrailing();
        while (!text.isEmpty() && NOTHING.matcher(Plain.decision(lastOf(text))).matches()) {
            text = withoutLast(text);
        }
        return text;
    }

    private static String lastOf(String text) {
        return text.substring(text.lastIndexOf('\n') + 1);
    }

    private static String withoutLast(String text) {
        return text.substring(0, Math.max(0, text.lastIndexOf('\n')));
    }
}
