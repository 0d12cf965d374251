package cogent.curate.agent;

import cogent.data.Rationale;
import java.util.regex.Pattern;

/** Reads a rationale that an agent wrote: the rationale and nothing else, its final answer in a box at its end. */
final class RationaleParser {
    private static final Pattern MARKER = Pattern.compile("(?m)^=== .+ [0-9a-f]{16} ===\\s*$");
    private static final Pattern PREFACE =
            Pattern.compile("(?i)^(?:sure|certainly|of course|here(?:'s| is)|below is)\\b"
                    + ".*\\b(?:solution|rationale|version|rewrite)\\b.*[:!]$");
    private static final Pattern LEAK = Pattern.compile("(?i)\\breference (?:answer|solution)\\b");

    private RationaleParser() {}

    static Rationale read(String reply) throws UnusableReply {
        String text = reply.strip();
        if (text.isEmpty()) {
            throw UnusableReply.unreadable("an empty reply");
        }
        if (MARKER.matcher(text).find()) {
            throw UnusableReply.unreadable("repeats the prompt's marker lines");
        }
        if (PREFACE.matcher(text.lines().findFirst().orElse("").strip()).matches()) {
            throw UnusableReply.unreadable("opens with a preface");
        }
        if (!Steps.endsInBox(text)) {
            throw UnusableReply.unreadable("does not end with its final answer in \\boxed{}");
        }
        if (LEAK.matcher(text).find()) {
            throw UnusableReply.unfit("speaks of the reference answer");
        }
        Rationale rationale = Rationale.of(text);
        if (rationale.conclusion().isBlank()) {
            throw UnusableReply.unreadable("its final answer cannot be read");
        }
        return rationale;
    }
}
