package cogent.answer;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds answers that a sentence announces: "the answer is …", "final answer: …", "… is the answer". */
final class Phrases {
    /** Phrases count near the end only: earlier ones announce intermediate results. */
    private static final int WINDOW = 4000;

    private static final int LONGEST = 400;

    private static final Pattern PHRASE = Pattern.compile(
            "(?im)(?:(?<!\\b(?:other|wrong|incorrect|previous|your) )\\b(?:answer|option|choice|Antwort|respuesta|réponse)\\b|^A(?=:)|答案(?=\\s*(?:是|为|為|:|：)[\\s$\\\\(（]*[-+\\dA-J]))"
                    + "(?:\\s+to\\s+[^.:\\n]{1,60})?[*_\\s]*"
                    + "(?:(?:ist\\b|est\\b|es\\b|is|are|would\\s+be|must\\s+be|becomes|=|:|：|是|为|為)[*_\\s]*[:：]?"
                    + "|(?=\\$|\\\\\\[|\\\\\\())[*_\\s]*");

    /** A line of its own, with the answer on the next. */
    private static final Pattern HEADING = Pattern.compile(
            "(?im)^[#>*_ \\t]*(?:the |my )?(?:final )?(?:answer|result)[*_: \\t]*$\\s*(?=\\S)(?![^\\n]*:[*_ \\t]*(?:\\n|\\z))");

    private static final Pattern REVERSED = Pattern.compile(
            "(?im)(?:^|[.!?,;:]\\s+|\\b(?:so|thus|hence|therefore),? +)[*_]*(\\(?[A-J]\\)?|[^\\s*_]{0,40}[\\d\\\\][^\\s*_]{0,40})[*_]* is (?:the|our|my)"
                    + " (?:final |correct |right )?(?:answer|option|choice)\\b(?! to\\b)");

    private static final Pattern LINE =
            Pattern.compile("(?im)(?:^|[.]\\s++)[*_#> \\t]*+(?:(?:so|thus|hence|therefore),? )?(?:the )?"
                    + "(?:correct |right |final )?(?:answer|option|choice)[*_\\s]*(?:is\\b|:|$)");
    private static final Pattern VALUE = Pattern.compile("(?:[A-J]|[(\\[]?[-+$\\\\\\d(].*)", Pattern.DOTALL);

    /** Where an answer ends and what is said about it begins. */
    private static final Pattern REASON = Pattern.compile(
            "(?i)(?<![*_\\s])(?:[*_\\s]*+[,;:.][*_\\s]++|[*_\\s]++)\\(?(?:because|since|as|which|whereas|while|where|due to|given that|so|but|not|for|from|after"
                    + "|based on|rather than|instead of|i\\.e|weil|porque|puisque)\\b"
                    + "|[,;][*_\\s]++(?:the|this|that|these|those|it|giving|leaving|making|meaning|and (?:not|the)|e\\.g"
                    + "|(?:obtained|found|calculated|computed|given) (?:by|as|from)"
                    + "|(?:hence|therefore|thus) (?:\\S{1,20} )?(?:remain|remains|is|are|we|the|there|it|this|that))\\b"
                    + "|(?<=[\\d$})*])\\s++(?:with (?:a|an|the|no)|by \\w{2,20}ing|using|(?:if|when) (?:we|you|one))\\b"
                    + "|(?<!\\s)\\s++-\\s++(?=(?:the|this|that|which|because|since)\\b)"
                    + "|(?<!\\s)\\s++(?:[—–]\\s*+(?=\\p{L}{2})|\\((?=(?:the|a|an|with|rounded)\\b))|;\\s++(?=\\p{L}{2})|[,，]?\\s*+(?:因为|因為|由于)");

    /** Praise and pointers are no answers. */
    private static final Pattern EMPTY = Pattern.compile(
            "(?i)(?:(?:clearly|obviously|indeed|also|thus) )?(?:not .*|correct|incorrect|right|wrong|valid|consistent"
                    + "|reasonable|simplified|verified|unique|clear|obvious|as follows|given|below|above"
                    + "|(?:obtained|found|calculated|computed|derived|determined|reached|checked|expressed|written)\\b.*)");

    /** "B: the cat", whatever is said of the others. */
    private static final Pattern LETTERED =
            Pattern.compile("(?:(?i:option|choice) )?\\(?[A-J][.:)] .*", Pattern.DOTALL);

    private static final Pattern NOT_BUT = Pattern.compile("(?i)\\Anot\\b.{1,60}?,?\\s+but(?:\\s+rather)?\\s+(?=\\S)");

    /** What a reason says belongs to it to the end of its sentence, announcements too. */
    private static final Pattern CAUSE = Pattern.compile("(?i)\\b(?:because|since|weil|porque|puisque)\\b|因为|因為");

    private static final Pattern ADVERB =
            Pattern.compile("(?i)\\A(?:simply|just|exactly|actually|therefore|then|indeed|clearly)\\s+(?=\\S)");

    private static final Pattern NUMBER = Pattern.compile(
            "\\\\[dt]?frac\\{-?\\d{1,30}\\}\\{\\d{1,30}\\}|(?<![\\w.])-?\\\\?\\$?-?(?:\\d{1,3}(?:,\\d{3})++|\\d++)(?:\\.\\d++)?(?:\\s?/\\s?\\d++)?(?:\\s?\\\\?%)?(?![\\d])");

    private static final Pattern WORD = Pattern.compile("(?<![\\\\a-zA-Z])[a-zA-Z]{2,}");
    private static final Pattern CALCULATOR = Pattern.compile("<<[^<>]{0,200}>>");

    /** {@code $50 per person, …$}: an amount of money and no formula. */
    private static final Pattern MONEY = Pattern.compile("[\\d.,]+\\s+[a-z]{2,}.*", Pattern.DOTALL);

    private Phrases() {}

    /** The last answer that is announced near the end of the text. */
    static Optional<String> stated(String text) {
        String tail = text.substring(Math.max(0, text.length() - WINDOW));
        Found last = new Found(-1, "");
        for (Pattern pattern : new Pattern[] {PHRASE, HEADING}) {
            Matcher phrase = pattern.matcher(tail);
            int from = 0;
            while (phrase.find(from)) {
                String rest = tail.substring(phrase.end());
                Found before = last;
                last = last.or(phrase.end(), core(firstSentence(rest)));
                String sentence = sentence(rest);
                boolean reasoned =
                        !last.equals(before) && CAUSE.matcher(sentence).find();
                from = phrase.end() + (reasoned ? sentence.length() : 0);
            }
        }
        Matcher reversed = REVERSED.matcher(tail);
        while (reversed.find()) {
            last = last.or(reversed.end(), clean(reversed.group(1)).replace("$", ""));
        }
        return last.at < 0 ? Optional.empty() : Optional.of(last.said);
    }

    private record Found(int at, String said) {
        Found or(int place, String other) {
            boolean says = !other.isEmpty()
                    && other.length() <= LONGEST
                    && !EMPTY.matcher(other).matches();
            return says && place > at ? new Found(place, other) : this;
        }
    }

    static Optional<String> lastNumber(String text) {
        String tail = text.substring(Math.max(0, text.length() - WINDOW));
        Matcher number = NUMBER.matcher(CALCULATOR.matcher(tail).replaceAll(""));
        String last = "";
        while (number.find()) {
            last = number.group();
        }
        return last.isEmpty() ? Optional.empty() : Optional.of(last.strip());
    }

    /**
     * The answer in what was said: what stands before its reason; else a whole sentence ("the volume of $P$ is 12") says
     * it at its end, or in its only number.
     */
    private static String core(String said) {
        String value = ADVERB.matcher(beforeReason(NOT_BUT.matcher(said).replaceFirst("")))
                .replaceFirst("");
        if (hasFewWords(value) || LETTERED.matcher(value).matches()) {
            return value;
        }
        int is = Math.max(said.lastIndexOf(" is "), said.lastIndexOf(" are "));
        String end = is < 0 ? said : said.substring(said.indexOf(' ', is + 1)).strip();
        return hasFewWords(end) ? clean(end) : lastNumber(end).orElse(said);
    }

    private static String beforeReason(String said) {
        Matcher reason = REASON.matcher(said);
        while (reason.find()) {
            String before = said.substring(0, reason.start());
            if (isWhole(before)
                    && !clean(before).isEmpty()
                    && (hasFewWords(before) || LETTERED.matcher(before).matches())) {
                return clean(before);
            }
        }
        return said;
    }

    /** What stands before "because …", where it is a value; else all that was said. */
    static String beforeCause(String said) {
        Matcher cause = CAUSE.matcher(said);
        String before = cause.find() ? clean(said.substring(0, cause.start())) : "";
        boolean value =
                VALUE.matcher(before).matches() || !Spelled.numeral(before).equals(before);
        return value && hasFewWords(before) ? before : said;
    }

    /** Whether the text is one sentence in one line. */
    static boolean isOneSentence(String text) {
        return text.substring(sentence(text).length()).strip().length() <= 1;
    }

    /** No formula and no bracket is cut in two. */
    private static boolean isWhole(String text) {
        return count(text, '{') == count(text, '}')
                && count(text, '(') <= count(text, ')')
                && (count(text, '$') % 2 == 0
                        || MONEY.matcher(text.substring(text.indexOf('$') + 1) + " xx")
                                .matches());
    }

    private static long count(String text, char c) {
        return text.chars().filter(each -> each == c).count();
    }

    private static boolean hasFewWords(String text) {
        return WORD.matcher(text).results().limit(3).count() < 3;
    }

    /** Whether the text announces an answer at the beginning of a line, and the answer is no word. */
    static Optional<String> statedInALine(String text) {
        return LINE.matcher(text).find()
                ? stated(text).filter(said -> VALUE.matcher(said).matches())
                : Optional.empty();
    }

    /** Up to the end of the sentence or line, without the markdown and punctuation around it. */
    private static String firstSentence(String text) {
        String start = text.stripLeading();
        for (String[] math : new String[][] {{"$$", "$$"}, {"\\[", "\\]"}, {"\\(", "\\)"}, {"$", "$"}}) {
            int end = start.startsWith(math[0]) ? start.indexOf(math[1], math[0].length()) : -1;
            if (end >= 0
                    && !MONEY.matcher(start.substring(math[0].length(), end)).matches()) {
                return withRest(start.substring(math[0].length(), end), start.substring(end + math[1].length()));
            }
        }
        return clean(sentence(start));
    }

    /** A formula may be only the first of several ("$2$ and $3$") or be followed by its unit. */
    private static String withRest(String formula, String rest) {
        String more = clean(sentence(rest));
        return more.isEmpty() || more.length() > 40 ? formula.strip() : formula.strip() + " " + more.replace("$", "");
    }

    private static String sentence(String text) {
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            boolean full = c == '.' || c == '。' || c == '!' || c == '?';
            if (c == '\n' || (full && depth <= 0 && (i + 1 == text.length() || !isWordOrDigit(text.charAt(i + 1))))) {
                return text.substring(0, i);
            }
        }
        return text;
    }

    private static boolean isWordOrDigit(char c) {
        return Character.isLetterOrDigit(c) || c == '\\';
    }

    /** Without the markdown and punctuation around it. */
    static String clean(String text) {
        int from = 0;
        int to = text.length();
        while (to > from && isAround(text.charAt(to - 1), "*_.,;:\"'`")) {
            to--;
        }
        while (from < to && isAround(text.charAt(from), "*_:\"'`")) {
            from++;
        }
        return text.substring(from, to);
    }

    private static boolean isAround(char c, String marks) {
        return Character.isWhitespace(c) || marks.indexOf(c) >= 0;
    }
}
