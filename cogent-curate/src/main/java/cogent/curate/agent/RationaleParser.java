package cogent.curate.agent;

import cogent.curate.rationale.CalculatorMarks;
import cogent.curate.rationale.Steps;
import cogent.curate.reply.Provenance;
import cogent.data.Problem;
import cogent.data.Rationale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a rationale that an agent wrote: the rationale and nothing else, its final answer in a box at its end. */
final class RationaleParser {
    private static final Pattern MARKER = Pattern.compile("(?m)^=== .+ [0-9a-f]{16} ===\\s*$");
    private static final Pattern FENCED = Pattern.compile("(?s)\\A(`{3,})\\w*\\R(.*)\\R\\1\\s*\\z");

    private RationaleParser() {}

    /**
     * Without calculator marks, which prompts ask to leave out.
     *
     * @param problem what is said in its own words gives nothing away
     */
    static Rationale read(String reply, Problem problem) throws UnusableReply {
        return marked(CalculatorMarks.without(reply), problem);
    }

    /** The same with its calculator marks, where what it was patterned on has them. */
    static Rationale marked(String reply, Problem problem) throws UnusableReply {
        Matcher fenced = FENCED.matcher(reply.strip());
        String text = fenced.matches() ? fenced.group(2).strip() : reply.strip();
        if (text.isEmpty()) {
            throw UnusableReply.unreadable("is empty");
        }
        if (MARKER.matcher(text).find()) {
            throw UnusableReply.unreadable("repeats the prompt's marker lines");
        }
        Optional<String> made = Provenance.in(text, problem);
        if (made.isPresent()) {
            throw UnusableReply.unfit("speaks of how it was made: " + made.get());
        }
        if (!Steps.endsInBox(text)) {
            throw UnusableReply.unreadable("does not end with its final answer in \\boxed{}");
        }
        Rationale rationale = Rationale.of(text);
        if (rationale.conclusion().isBlank()) {
            throw UnusableReply.unreadable("states a final answer that cannot be read");
        }
        return rationale;
    }
}
