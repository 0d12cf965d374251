package cogent.answer;

import cogent.answer.math.Units;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the part of a text to compare: a bare answer is itself, a reply is what it concludes. */
final class Candidate {
    private static final Pattern BARE = Pattern.compile("[\\w.,()/+*^=%-]{1,40}");

    /** "Answer: …", "Special matrix: …", "So …" */
    private static final Pattern HEADING = Pattern.compile(
            "[答解답]\\s*[:：]\\s*(?=\\S)|(?:(?:A|[\\p{L} ]{0,60}\\p{L}{3})\\s*[:：]|(?i:ans\\.?|(?:final )?answer)(?=\\s+[-$\\\\(]{0,3}\\d)|(?i:so|thus|hence|therefore),?)\\s+(?=\\S)");

    private static final Pattern SHORT_WORD = Pattern.compile("(?<![\\\\a-zA-Z])[a-zA-Z]{2,}");
    private static final Pattern WORD = Pattern.compile(
            "(?<![\\\\a-zA-Z])[a-zA-Z]{3,}|[^\\x00-\\u024f\\u0370-\\u03ff\\u2000-\\u2bff]{2,}|\\p{IsGreek}{5,}");
    private static final Pattern TEXT_COMMAND = Pattern.compile("\\\\[a-zA-Z]+(?:\\s*\\{[a-zA-Z ,.]*\\})?");
    private static final int TAIL = 6000;

    private Candidate() {}

    /** Left empty at the end, and the fence of code around what is none. */
    private static final Pattern AROUND = Pattern.compile(
            "\\A(?:[-=]>|[=→⇒])\\s*(?=\\S)|(?<=\\d)/-\\.?\\z|\\A\\*\\*(?=[^*]+\\*\\*\\.?\\z)|(?<=\\S)\\*\\*\\.?\\z|(?<=\\S)\\s+#{1,6}\\z|\\A`{1,3}(?:\\w{0,10}\\n)?|\\s{0,9}`{1,3}\\z|。\\z|(?<=\\S)\\.?\\s*(?:\\$?\\s?\\\\(?:blacksquare|square|Box|qed)\\s?\\$?|[∎■□])\\z|(?<=\\S)(?:\\s{0,3}[:;]-?[)D]|…|\\s+[!?])\\z");

    private static final Pattern QUOTED =
            Pattern.compile("\\A([*_\"'“‘]{1,3})([^*_\"'\\n]{1,200})[*_\"'”’]{1,3}\\.?\\z");
    /** {@code **204** minutes} */
    private static final Pattern EMPHASISED =
            Pattern.compile("\\A\\*\\*([^*\\n]{1,60})\\*\\* ([a-zA-Z ]{1,40}\\.?)\\z");

    private static final Pattern CALCULATED = Pattern.compile("<<[^<>]{0,200}>>");

    private static final Pattern SECTION = Pattern.compile("(?m)^#{1,6} [^\\n]*\\n");

    private static final Pattern VERB =
            Pattern.compile("(?i)[a-z] (?:is|are|equals|makes|gives|gets?|got|ha[sv]e?|becomes) ");

    /** Words that lead to a single value: "It is 100 dollars", "Total: 100", "USD 100", "The probability is 3/4". */
    private static final Pattern LED = Pattern.compile(
            "(?i)(?:(?!.*\\b(?:not|less|more|under|over|least|most|than|nor|never|cannot|unlike|except|exclude|reject|discard|eliminate)\\b|.*n't\\b)(?:[a-z][a-z' ]{0,40}(?:\\b(?:is|are|was|were|be|equals?|makes|costs|totals)\\b|(?<=\\w{3})\\s?[:=])"
                    + "|(?:it's|that's)|(?:he|she|they|we|you|it) [a-z]{3,12})\\s*)?(?:(?:exactly|only|just|about|approximately|approx\\.?|roughly|around|a total of|USD|EUR|GBP|Rs\\.?|INR)\\s+)*"
                    + "([-+]?\\s?\\$?\\d(?:[\\d,]*\\d)?(?:\\.\\d+)?(?:\\s?%|(?:\\s[a-z./]{1,20}){1,4})?"
                    + "|(?:\\\\[a-z]+|\\b(?:and|or)\\b|[^a-z\\\\]|(?<![a-z])[a-z](?![a-z])){1,60})");

    private static final Pattern SOLUTIONS = Pattern.compile(
            "[a-z](?:_?\\d)? ?= ?[^=]{1,20}(?:(?:,? and |,? or |, )[a-z](?:_?\\d)? ?= ?[^=]{1,20}){1,9}");

    private static final Pattern REMARKED = Pattern.compile("(.*\\d)\\s?\\((?!mod\\b)([a-zA-Z]{2,20})\\)");
    private static final Pattern PER = Pattern.compile("(?<=\\d)\\s?/\\s?(?=[a-z]{3,20}\\z)");

    /** The value and its unit in words that lead to it; other texts as they are. */
    static String led(String words) {
        if (words.length() > 100) {
            return words;
        }
        String bare = PER.matcher(words.replaceAll("\\s+", " ")).replaceAll(" per ");
        Matcher remarked = REMARKED.matcher(bare);
        String said = remarked.matches() ? remarked.group(1) + " " + remarked.group(2) : bare;
        Matcher led = LED.matcher(said);
        boolean leads = led.matches() && led.start(1) > 0;
        return leads ? led.group(1).strip() : remarked.matches() || bare.contains(" per ") ? said : words;
    }

    static String of(String text) {
        String ended = CALCULATED.matcher(Answers.ended(text).strip()).replaceAll("");
        String bare = EMPHASISED.matcher(ended).replaceFirst("$1 $2");
        String stripped = QUOTED.matcher(within(bare)).replaceFirst("$2");
        if (BARE.matcher(stripped).matches()
                || Units.isOfOtherScript(stripped)
                || Units.isMeasure(stripped)
                || Shorthand.isShare(stripped)
                || Named.isAllBut(stripped)) {
            return stripped; // the fast path
        }
        return Answers.extract(stripped).orElseGet(() -> {
            String reply = Answers.afterThinking(stripped);
            Matcher heading = HEADING.matcher(reply);
            String body = heading.lookingAt() ? reply.substring(heading.end()) : reply;
            if (Guess.isCut(body)) {
                return "";
            }
            String before = Reason.beforeRemark(Reason.beforeCause(body));
            boolean leadsIn =
                    !before.equals(body) && SHORT_WORD.matcher(before).lookingAt() && !NumberWords.isNumeral(before);
            return leadsIn || isProse(before) || Guess.isSteps(before)
                    ? ledTo(before).orElseGet(() -> Guess.in(before))
                    : before;
        });
    }

    /** Without the marks around it, which are looked for at its ends only. */
    private static String within(String text) {
        Matcher around = AROUND.matcher(text);
        int from = around.lookingAt() ? around.end() : 0;
        int to = around.find(Math.max(from, text.length() - 200)) ? around.start() : text.length();
        return text.substring(from, to);
    }

    /** What a single sentence leads to, where it is no reckoning with its own result at the end. */
    private static Optional<String> ledTo(String sentence) {
        String said = Sentences.clean(sentence);
        String led = said.indexOf('$') < 0 && said.indexOf('\n') < 0 ? led(said) : said;
        return led.equals(said)
                        || Guess.isCut(said)
                        || (led.indexOf('=', 3) > 0 && !SOLUTIONS.matcher(led).matches())
                ? Optional.empty()
                : Optional.of(led);
    }

    /** Three words outside of formulas' commands make a sentence. */
    private static boolean isProse(String text) {
        String tail = text.substring(Math.max(0, text.length() - TAIL));
        String bare = TEXT_COMMAND.matcher(tail).replaceAll(" ");
        return WORD.matcher(bare).results().limit(3).count() == 3
                || SHORT_WORD.matcher(bare).results().limit(4).count() == 4
                || VERB.matcher(bare).find()
                || isLedIn(tail)
                || SECTION.matcher(tail).find()
                || WORD.matcher(tail).results().anyMatch(word -> word.group().charAt(0) > 0x2ff);
    }

    /** Words before a formula in dollars. */
    private static boolean isLedIn(String text) {
        int dollar = text.indexOf('$');
        String before = text.substring(0, Math.max(0, dollar));
        return before.indexOf('\\') < 0 && WORD.matcher(before).find();
    }
}
