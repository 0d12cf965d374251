package cogent.answer;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Multiple choice: the reference is one letter, the answer names one somehow. */
public final class Choices {
    private static final Pattern REFERENCE =
            Pattern.compile("\\$?\\(?(?:\\\\(?:text|textbf|mathrm|mathbf)\\{)?\\(?([A-J])\\)?\\}?\\)?[.:)]?\\$?");

    /** The letter, then its bracket or the option's text. */
    private static final Pattern LEADING = Pattern.compile(
            "(?:(?i:option|choice|letter) )?\\(?([A-Ja-j])(?:\\)|[.:](?=\\s|$)|$|[!?](?=\\s)|(?=\\s[(\\[–—-])|(?=\\s+(?:\\d|\\$|\\\\))|(?=,?\\s+(?:because|since)\\b))");

    private static final Pattern STANDING_ALONE = Pattern.compile(
            "(?<![\\p{L}\\d\\\\'^_])(?<!°\\s?)\\(?([A-J])\\)?(?![\\p{L}\\d'’^_=+]| = \\S+\\s*\\z|[-−](?![\\p{L}\\d(]))");
    private static final Pattern LETTERS =
            Pattern.compile("(?:(?i:both|either) )?\\(?[A-J]\\)?(?:\\s*(?:,|and|or)\\s*\\(?[A-J]\\)?)+");

    private static final Pattern SEVERAL =
            Pattern.compile("\\(?[A-J]\\)?(?:(?:\\s|,|;|and|&){0,6}\\(?[A-J]\\)?){1,9}\\.?");

    private static final Pattern NEGATED = Pattern.compile(
            "(?i)\\b(?:not|non|nicht|over|rather than|instead of|except(?: for)?|other than|(?:everything|anything|all) but|doubt (?:that )?it(?: is|'s)|eliminated?|rules? out|ruled out|exclude|discard|reject|(?:can't|cannot|can not|couldn't|could not) be|isn't|neither|nor|(?:don't|do not|doesn't) (?:think|believe) (?:that )?(?:it(?:'s| is)|the answer is)|not (?:going to )?be)\\s+(?:option |choice )?\\(?[a-j]\\)?(?![\\p{L}\\d])");

    /** What is said behind a letter: "D is incorrect", "D? No." */
    private static final Pattern REJECTED = Pattern.compile(
            "(?<![\\p{L}\\d])\\(?[A-J]\\)?(?i:,? (?:(?:is|was|seems|looks|must be|would be|has to be) (?:(?:clearly|obviously|definitely|certainly|also|therefore|simply) )?"
                    + "(?:not|incorrect|wrong|false|untrue|out|impossible|invalid|eliminated|excluded|rejected|discarded|ruled out|a distractor)"
                    + "|isn't|wasn't|does(?: not|n't)|do(?: not|n't)|fails?|can(?:not|'t| not)|could(?: not|n't)|won't|will not)\\b|[?,]? no\\b[.!,]?|[.:]? (?:wrong|incorrect)\\b)");

    /** "I would choose option b", "go with (C)". */
    private static final Pattern CHOICE = Pattern.compile(
            "(?i)\\b(?:choose|choosing|pick|select|go with|going with|option|choice)(?: option| choice| answer| is)?"
                    + " \\(?([a-j])\\)?(?![\\p{L}\\d'’])(?!\\s+(?!over\\b|rather\\b|instead\\b|because\\b|since\\b"
                    + "|(?:is|seems|must be) (?:the )?(?:correct|right|best|true|only|answer)\\b)(?-i:[a-z]{2}))");

    private static final Pattern CLAUSE = Pattern.compile("[^.!?;\\n]{1,200}");

    /** A clause that settles on one letter: "Clearly C", "it must be C", "only C works". */
    private static final Pattern DECISION =
            Pattern.compile("\\W*(?i:(?:so|thus|hence|therefore|then|clearly|obviously|definitely"
                    + "|probably|certainly|surely|of course|only|just|yes|ok|selecting|i(?:'d| would|'ll| will)?(?: (?:think|believe|say|guess))?"
                    + "|it(?:'s| is| must be| has to be| should be| can only be)|that(?:'s| is| leaves)|this (?:is|leaves|gives)|must be|has to be"
                    + "|leaving|option|choice|statement|answer|my (?:pick|choice|guess)(?: is)?"
                    + "|the (?:best |right |correct |true )?(?:fit|one|match|choice|option|statement)(?: [a-z ]{1,20})? is)[\\s,:]+){0,5}"
                    + "\\(?([A-J])\\)?(?:\\s*$|\\s+(?i:(?:is|was|seems|looks|must be)\\s+(?:the\\s+)?(?:only|best|right|correct|true|answer|better)\\b"
                    + "|works\\b|fits\\b|holds\\b|remains\\b|matches\\b).*)");

    /** A line that speaks of one option among others. */
    private static final Pattern LISTED = Pattern.compile("(?m)^[ \\t]{0,20}\\(?[A-J][.:)]\\s");

    private static final Pattern LISTED_LINE = Pattern.compile("(?m)^[ \\t]{0,20}\\(?[A-J][.:)]\\s.*$");

    /** What is said of an option beyond its text. */
    private static final Pattern JUDGED = Pattern.compile(
            "(?i)\\b(?:correct|right|true|yes|wrong|false|incorrect|not?|because|since|answer|works?|fits?|too|is|are|best|only)\\b|n't\\b");

    private static final Pattern RIGHT = Pattern.compile(
            "(?i)(?<!\\b(?:not|never|isn't|in) )\\b(?:correct|right|true)\\b(?! (?:if|only|when|but)\\b)");

    private static final Pattern CONCLUDED =
            Pattern.compile("\\b(?:so|thus|hence|therefore),? (?:it is |it's )?\\(?([A-J])\\)?[.!\\s]*\\z");

    /** The article and the pronoun look like letters. */
    private static final Pattern WORD_LIKE = Pattern.compile("[AI]\\s+\\p{L}|I['’]");

    /** A letter in brackets with its text. */
    private static final Pattern OPTION = Pattern.compile("\\(([A-J])\\)\\s*(.+)");

    private static final Pattern QUOTES = Pattern.compile("\\A['\"‘“`]+|['\"’”`]+\\z");

    private Choices() {}

    /** The one option (A to J) that a reply chooses; empty when it names none or several. */
    public static Optional<String> chosen(String reply) {
        return letter(reply).filter(letter -> letter.length() == 1);
    }

    /**
     * Empty when the reference is no choice, or nothing in the reply reads as one.
     *
     * @param texts compares what the options say
     */
    static Optional<Verdict> compare(String gold, String prediction, BiFunction<String, String, Verdict> texts) {
        Matcher reference = REFERENCE.matcher(gold.strip());
        if (!reference.matches()) {
            return several(gold, prediction)
                    .or(() -> withText(gold, prediction, texts))
                    .or(() -> saidWithText(gold, prediction, texts));
        }
        return letter(prediction).map(letter -> {
            if (letter.length() > 1) {
                return Verdict.different("several options");
            }
            return letter.equals(reference.group(1))
                    ? Verdict.equal("the same option")
                    : Verdict.different("option " + letter + " is not " + reference.group(1));
        });
    }

    /** Several options in their order, however they are joined: AC and "A, C"; in another order they may be a ranking. */
    private static Optional<Verdict> several(String gold, String prediction) {
        String answer = Answers.extract(prediction).orElse(prediction);
        if (gold.length() > 200 || answer.length() > 200) {
            return Optional.empty();
        }
        String said = plain(answer);
        return SEVERAL.matcher(plain(gold)).matches()
                        && SEVERAL.matcher(said).matches()
                        && letters(said).equals(letters(gold))
                ? Optional.of(Verdict.equal("the same options"))
                : Optional.empty();
    }

    private static String letters(String options) {
        return plain(options).replaceAll("[^A-J]", "");
    }

    /** A reference that gives the option's text behind its letter: {@code \textbf{(D)}\ 42} is D, and 42. */
    private static Optional<Verdict> withText(
            String gold, String prediction, BiFunction<String, String, Verdict> texts) {
        Matcher option = gold.length() > 200 ? null : OPTION.matcher(plain(gold));
        if (option == null || !option.matches()) {
            return Optional.empty();
        }
        Matcher letter =
                REFERENCE.matcher(Answers.extract(prediction).orElse(prediction).strip());
        if (letter.matches()) {
            return Optional.of(
                    letter.group(1).equals(option.group(1))
                            ? Verdict.equal("the same option")
                            : Verdict.different("option " + letter.group(1) + " is not " + option.group(1)));
        }
        Matcher other = OPTION.matcher(
                prediction.length() <= 200 ? plain(Answers.extract(prediction).orElse(prediction)) : "");
        if (!other.matches()) {
            return Optional.of(texts.apply(option.group(2), prediction));
        }
        return Optional.of(
                other.group(1).equals(option.group(1))
                        ? texts.apply(option.group(2), other.group(2))
                        : Verdict.different("option " + other.group(1) + " is not " + option.group(1)));
    }

    /** The text of the option said, where the reference is the text alone. */
    private static Optional<Verdict> saidWithText(
            String gold, String prediction, BiFunction<String, String, Verdict> texts) {
        String said = Answers.extract(prediction).orElse(prediction);
        Matcher option = OPTION.matcher(said.length() > 200 ? "" : plain(said));
        return option.matches() ? Optional.of(texts.apply(gold, option.group(2))) : Optional.empty();
    }

    /** The option that a reply chooses; several letters when it does not choose. */
    private static Optional<String> letter(String prediction) {
        String reply = Answers.afterThinking(Answers.ended(prediction));
        Optional<String> stated = Answers.extract(prediction);
        return stated.map(answer -> named(plain(answer), true).or(() -> behindBox(reply)))
                .orElseGet(() -> named(plain(reply), false));
    }

    /** Without the options that are denied. */
    private static String affirmed(String text) {
        return REJECTED.matcher(NEGATED.matcher(text).replaceAll(" ")).replaceAll(" ");
    }

    /** A box may hold the option's text, and the option stand behind it. */
    private static Optional<String> behindBox(String reply) {
        int end = Boxes.end(reply);
        String rest = affirmed(plain(reply.substring(end)));
        return end == 0 ? Optional.empty() : decided(rest).or(() -> chosenInProse(rest));
    }

    private static Optional<String> named(String said, boolean stated) {
        String text = affirmed(said);
        if (text.length() < 100 && LETTERS.matcher(text).matches()) {
            return Optional.of(text);
        }
        boolean listed = !stated && LISTED.matcher(text).results().limit(2).count() == 2;
        if (listed) {
            return ofList(text);
        }
        Matcher leading = LEADING.matcher(text);
        if (leading.lookingAt()) {
            return Optional.of(leading.group(1).toUpperCase(Locale.ROOT));
        }
        Optional<String> chosen =
                stated ? Optional.empty() : chosenInProse(text).or(() -> decided(text));
        return chosen.or(() -> standingAlone(text, stated));
    }

    /** What is decided outside of the options' lines, else the only one that is said to be right, else the last that is spoken of. */
    private static Optional<String> ofList(String text) {
        Optional<String> decided = decided(LISTED.matcher(text).replaceAll(" ")).or(() -> concluded(text));
        if (decided.isPresent()) {
            return decided;
        }
        List<String> lines =
                LISTED_LINE.matcher(text).results().map(MatchResult::group).toList();
        if (lines.stream().noneMatch(line -> JUDGED.matcher(line).find())) {
            String outside = LISTED_LINE.matcher(text).replaceAll("");
            return outside.isBlank() ? Optional.empty() : named(outside, false);
        }
        List<String> right =
                lines.stream().filter(line -> RIGHT.matcher(line).find()).toList();
        return right.size() == 1
                ? standingAlone(right.getFirst(), true)
                : chosenInProse(text).or(() -> standingAlone(text, false));
    }

    /** "The sum is 7, so C." at the end. */
    private static Optional<String> concluded(String text) {
        Matcher end = CONCLUDED.matcher(text.substring(Math.max(0, text.length() - 200)));
        return end.find() ? Optional.of(end.group(1)) : Optional.empty();
    }

    /** What is stated names its option first, free prose last. */
    private static Optional<String> standingAlone(String text, boolean first) {
        Matcher alone = STANDING_ALONE.matcher(text.substring(0, Math.min(text.length(), 4000)));
        Optional<String> letter = Optional.empty();
        while (alone.find() && (letter.isEmpty() || !first)) {
            if (first
                    || !WORD_LIKE
                            .matcher(text)
                            .region(alone.start(), text.length())
                            .lookingAt()) {
                letter = Optional.of(alone.group(1));
            }
        }
        return letter;
    }

    /** The option of the last clause that settles on one. */
    private static Optional<String> decided(String text) {
        Optional<String> last = Optional.empty();
        Matcher clause = CLAUSE.matcher(affirmed(text.substring(Math.max(0, text.length() - 4000))));
        while (clause.find()) {
            Matcher decision = DECISION.matcher(clause.group());
            if (decision.matches()) {
                last = Optional.of(decision.group(1));
            }
        }
        return last;
    }

    /** The only option behind such words, if it is one. */
    private static Optional<String> chosenInProse(String text) {
        List<String> chosen = CHOICE.matcher(text.substring(0, Math.min(text.length(), 4000)))
                .results()
                .map(match -> match.group(1).toUpperCase(Locale.ROOT))
                .distinct()
                .toList();
        return chosen.size() == 1 ? Optional.of(chosen.getFirst()) : Optional.empty();
    }

    private static String plain(String text) {
        return QUOTES.matcher(text.strip())
                .replaceAll("")
                .replaceAll("\\\\(?:text|textbf|mathrm|mathbf|textit)\\s*\\{([^{}]*)\\}", "$1")
                .replaceAll("[$*{}]|\\\\(?:[ ,;:!]|q?quad)", " ")
                .replaceAll("[ \\t]+", " ")
                .strip();
    }
}
