package cogent.curate;

import cogent.data.Rationale;
import java.util.regex.Pattern;

/** Reads a rationale that an agent wrote: the rationale and nothing else, its final answer in a box at its end. */
final class Lesson {
    private static final Pattern MARKER = Pattern.compile("(?m)^=== .+ [0-9a-f]{16} ===\\s*$");
    private static final Pattern PREFACE =
            Pattern.compile("(?i)^(?:sure|certainly|of course|here(?:'s| is)|below is)\\b"
                    + ".*\\b(?:solution|rationale|version|rewrite)\\b.*[:!]$");
    private static final Pattern LEAK = Pattern.compile("(?i)\\breference (?:answer|solution)\\b");

    private Lesson() {}

    static Rationale read(String reply) throws Unusable {
        String text = reply.strip();
        if (text.isEmpty()) {
            throw Unusable.unreadable("an empty reply");
        }
        if (MARKER.matcher(text).find()) {
            throw Unusable.unreadable("repeats the prompt's marker lines");
        }
        if (PREFACE.matcher(text.lines().findFirst().orElse("").strip()).matches()) {
            throw Unusable.unreadable("opens with a preface");
        }
        if (!Steps.endsInBox(text)) {
            throw Unusable.unreadable("does not end with its final answer in \\boxed{}");
        }
        if (LEAK.matcher(text).find()) {
            throw Unusable.unfit("speaks of the reference answer");
        }
        Rationale rationale = Rationale.of(text);
        if (rationale.conclusion().isBlank()) {
            throw Unusable.unreadable("its final answer cannot be read");
        }
        return rationale;
    }
}
