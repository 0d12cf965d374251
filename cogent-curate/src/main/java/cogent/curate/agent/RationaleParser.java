package cogent.curate.agent;

import cogent.curate.rationale.Steps;
import cogent.data.Problem;
import cogent.data.Rationale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a rationale that an agent wrote: the rationale and nothing else, its final answer in a box at its end. */
final class RationaleParser {
    private static final Pattern MARKER = Pattern.compile("(?m)^=== .+ [0-9a-f]{16} ===\\s*$");
    private static final Pattern FENCED = Pattern.compile("(?s)\\A(`{3,})\\w*\\R(.*)\\R\\1\\s*\\z");
    private static final Pattern PREFACE =
            Pattern.compile("(?i)^\\W*(?:ok(?:ay)?|alright|sure|certainly|of course|great|got it"
                    + "|here(?:['’]s| is| are)|below is|this is|let me|i['’]ll|i will|i have|i['’]ve)\\b"
                    + ".*\\b(?:solution|rationale|version|rewrite|explanation|answer)\\b.*[:!]\\W*$");
    /** Talk of what the author was given; "the original solution" may be a liquid where the problem speaks of one. */
    private static final Pattern LEAK =
            Pattern.compile("(?i)\\b(?:reference|given|provided|expected|known|stated|official)"
                    + " (?:final )?answer\\b|\\banswer key\\b|\\banswer (?:that (?:is|was) )?(?:given|provided|stated) (?:above|to (?:me|us))"
                    + "|\\b(?:match(?:es)?|agrees? with|consistent with|confirms?) the (?:\\w+ )?answer\\b"
                    + "|\\bhope this helps\\b|\\blet me know if\\b|参考答案|标准答案|给定的?答案|原解");

    private static final Pattern SOLUTION_LEAK = Pattern.compile(
            "(?i)\\b(?:original|earlier|previous|reference|provided|given|refused) (?:worked |long |short )?solution\\b"
                    + "|\\bin the original\\b");
    private static final Pattern VERSION_LEAK =
            Pattern.compile("(?i)\\b(?:original|previous|earlier|given) (?:rationale|reasoning|explanation|version)\\b"
                    + "|\\b(?:simplified|extended|expanded|rewritten|shortened|corrected|repaired|improved) "
                    + "(?:version|solution|rationale|explanation)\\b");

    private RationaleParser() {}

    /** @param problem what is said in its own words gives nothing away */
    static Rationale read(String reply, Problem problem) throws UnusableReply {
        Matcher fenced = FENCED.matcher(reply.strip());
        String text = fenced.matches() ? fenced.group(2).strip() : reply.strip();
        if (text.isEmpty()) {
            throw UnusableReply.unreadable("is empty");
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
        Optional<String> leak = leak(text, problem.text());
        if (leak.isPresent()) {
            throw UnusableReply.unfit("speaks of how it was made: " + leak.get());
        }
        Rationale rationale = Rationale.of(text);
        if (rationale.conclusion().isBlank()) {
            throw UnusableReply.unreadable("states a final answer that cannot be read");
        }
        return rationale;
    }

    private static Optional<String> leak(String text, String problem) {
        return first(LEAK, text, problem)
                .or(() -> first(VERSION_LEAK, text, problem))
                .or(() -> problem.contains("solution") ? Optional.empty() : first(SOLUTION_LEAK, text, problem));
    }

    private static Optional<String> first(Pattern pattern, String text, String problem) {
        Matcher found = pattern.matcher(text);
        return found.find() && !pattern.matcher(problem).find() ? Optional.of(found.group()) : Optional.empty();
    }
}
