package cogent.answer;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Words that are the answer, in a sentence that says so: "It is a Tuesday", "Paris, because it is the capital". */
final class Wording {
    private static final Pattern PLAIN = Pattern.compile("[a-zA-Z][a-zA-Z '\\-]*[a-zA-Z]");

    private static final Pattern DENIAL = Pattern.compile(
            "(?i)\\b(?:not|never|no|nor|neither|none|cannot|instead|if|whether|either)\\b|n't\\b|(?!\\A)\\b(?:because|since|as)\\b");

    private static final Pattern VERB = Pattern.compile(
            "(?i)(?:\\b(?:is|are|was|were|be|has|have|had|becomes|called|named|(?:falls?|lands?|lies|lives|occurs?|happens?|takes place) (?:on|in|at))|'s|\\banswer[*_]{0,2}[:：])[\\s*_\"'“]{0,9}(?:\\b(?:an?|the|indeed|therefore)\\s+)?[*_\"'“]{0,3}\\z");

    /** The end of the sentence, or a remark behind it. */
    private static final Pattern END = Pattern.compile(
            "(?is)\\A[*_\"'”]{0,3}(?:[.!\\s]*\\z|\\s*(?:[,;(—–]|\\s-\\s)(?!\\s*(?:or|and)\\b).*|\\s+(?:because|since|as|which)\\b.*)");

    private static final int LONGEST_SENTENCE = 200;

    private Wording() {}

    /** Empty where the reply is no sentence in which the reference stands. */
    static Optional<Verdict> compare(String gold, String prediction) {
        String reply = Answers.afterThinking(Answers.ended(prediction)).strip();
        if (gold.length() < 3
                || gold.length() > LONGEST_SENTENCE
                || reply.length() > LONGEST_SENTENCE
                || !PLAIN.matcher(gold).matches()
                || !Sentences.isOne(reply)) {
            return Optional.empty();
        }
        Matcher words = Pattern.compile("(?i)\\b" + gold.replaceAll("\\s+", "\\\\s+") + "\\b")
                .matcher(reply);
        int at = -1;
        int end = 0;
        while (words.find()) {
            at = at < 0 || END.matcher(reply.substring(words.end())).matches() ? words.start() : at;
            end = at == words.start() ? words.end() : end;
        }
        if (at < 0) {
            return Optional.empty();
        }
        String lead = reply.substring(0, at);
        boolean ends = END.matcher(reply.substring(end)).matches();
        boolean alone = lead.matches("[*_\"'“]*(?:(?i:so|hence|thus|therefore),?\\s+[*_]*)?");
        return ends
                        && (alone
                                || (VERB.matcher(lead).find()
                                        && !DENIAL.matcher(lead).find()))
                ? Optional.of(Verdict.equal("same words"))
                : Optional.empty();
    }
}
