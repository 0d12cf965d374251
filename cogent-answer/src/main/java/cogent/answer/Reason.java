package cogent.answer;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parts an answer from what is said about it: its reason, its condition, remarks. */
final class Reason {
    /** Longer texts are no bare answers. */
    private static final int LONGEST = 400;

    /** Words that begin a clause behind an answer of any kind. */
    private static final String CLAUSE =
            "because|since|as|which|whereas|while|where|due to|given that|so|but|not|for|from|after"
                    + "|based on|rather than|instead of|i\\.e|weil|porque|puisque";

    /** Where an answer in a few words ends and what is said about it begins. */
    private static final Pattern REASON = Pattern.compile(
            "(?i)(?<![*_\\s])(?:[*_\\s]*+[,;:.][*_\\s]++|[*_\\s]++)\\(?(?:"
                    + CLAUSE + ")\\b"
                    + "|[,;][*_\\s]++(?:the|this|that|these|those|it|giving|leaving|making|meaning|and (?:not|the)|e\\.g"
                    + "|(?:obtained|found|calculated|computed|given) (?:by|as|from)"
                    + "|(?:hence|therefore|thus) (?:\\S{1,20} )?(?:remain|remains|is|are|we|the|there|it|this|that))\\b"
                    + "|(?<=[\\d$})*])\\s++(?:with (?:a|an|the|no)|by \\w{2,20}ing|using|(?:if|when) (?:we|you|one))\\b"
                    + "|(?<!\\s)\\s++-\\s++(?=(?:the|this|that|which|because|since)\\b)"
                    + "|(?<!\\s)\\s++(?:[—–]\\s*+(?=\\p{L}{2})|\\((?=(?:the|a|an|with|rounded)\\b))|;\\s++(?=\\p{L}{2})|[,，]?\\s*+(?:因为|因為|由于)|(?<=[\\dA-J)])\\s*+(?:です|입니다)");

    /** Behind a value or an option's letter, which end by themselves, any clause, and any remark in brackets or after a pause. */
    private static final Pattern REMARK = Pattern.compile(
            "(?i)(?<![*_\\s])(?:[*_\\s]*+[,;:][*_\\s]++|[*_\\s]++[—–-][*_\\s]++|[*_\\s]++)[(\\[]?(?:" + CLAUSE
                    + "|when|whenever|if|unless|until|although|(?:even )?though|unlike|despite|except|before|once|thanks to|owing to"
                    + "|on account|considering|assuming|provided|providing|supposing|seeing|being|having|leaving|making|giving|meaning"
                    + "|compared|attained|achieved|obtained|reached|occurring|found|calculated|computed|derived|using|with(?:out)?"
                    + "|at(?= \\$?[a-z]\\s?=)|by \\w{2,20}ing|in (?:total|all)\\b(?=.)|in (?:view|light) of|it being|that is|thus|hence|therefore|however|and (?:not|the|\\(?[A-J]\\)? \\w{2})"
                    + "|check|note|e\\.g|on the grounds|da (?:der|die|das|es|er|sie|man|wir)|of (?=.*\\d))\\b"
                    + "|[,;:][*_\\s]++(?=\\$?\\d[\\d,.]*\\s+(?:being|having|of (?:which|whom|them|these|those)|each|more|fewer|less|(?:(?:are|is|were|was) )?left)\\b)"
                    + "|\\s++and (?=\\d[\\d,.]*\\s+(?:are|is|were|was|remains?)\\b)"
                    + "|[,，;；]\\s*+(?=\\p{IsHan}{2})"
                    + "|[,;:][*_\\s]++(?!(?:and|or|sqrt|sin|cos|tan|log|ln|pi|exp|infinity)\\b)(?=\\(?[A-J]\\)?\\s+\\p{L}{2,}\\s|\\p{L}{3,}\\s+\\S)"
                    + "|:[*_\\s]++(?=\\d[^:=]*\\p{L}{3}|[^:]*=)"
                    + "|[*_\\s]++[(\\[](?!(?:mod|base|in base)\\b)(?=[^()\\[\\]]*(?:\\p{L}{3}|=))|[*_\\s]++[—–](?=\\s*\\p{L})");

    private static final Pattern NOT_BUT = Pattern.compile("(?i)\\Anot\\b.{1,60}?,?\\s+but(?:\\s+rather)?\\s+(?=\\S)");

    private static final Pattern ADVERB =
            Pattern.compile("(?i)\\A(?:simply|just|exactly|actually|therefore|then|indeed|clearly)\\s+(?=\\S)");

    /** Not a power: 2**3. */
    private static final Pattern BOLD = Pattern.compile("\\*\\*(?=[\\s.,;:]|\\z)|(?<!\\S)\\*\\*");

    private static final Pattern VALUE_LED = Pattern.compile(
            "[*_]*(?:(?:[a-zA-Z] ?= ?)?[-+−]?\\s?[$\\\\€£]{0,3}\\s?-?\\.?\\d|\\$|\\\\[(\\[]).*", Pattern.DOTALL);
    private static final Pattern LETTER_LED =
            Pattern.compile("[*_]*\\(?[A-J]\\)?[*_]*(?![\\w'’^=+]).*", Pattern.DOTALL);
    private static final Pattern LETTER = Pattern.compile("\\(?[A-J]\\)?");

    /** A value, then a reason in its own sentence: "8. Because 10 - 2 = 8". */
    private static final Pattern OWN_SENTENCE = Pattern.compile(
            "(?i)([^\\s.]{1,20}(?:\\.\\d{1,20})?)\\.\\s++(?:because|since|as|this is|check)\\b.*", Pattern.DOTALL);

    /** "B: the cat", whatever is said of the others. */
    private static final Pattern LETTERED =
            Pattern.compile("(?:(?i:option|choice) )?\\(?[A-J][.:)] .*", Pattern.DOTALL);

    /** What a reason says belongs to it to the end of its sentence, announcements too. */
    private static final Pattern CAUSE = Pattern.compile("(?i)\\b(?:because|since|weil|porque|puisque)\\b|因为|因為");

    private static final String EQUATION = "\\$?[a-z]\\w?\\s?=\\s?[^\\s,.;]++(?:\\.\\d++)?\\$?";

    /** To the end of the text: a reason, or what the value was reached at. */
    private static final Pattern ASIDE = Pattern.compile(
            "(?i)(?<=[\\p{L}\\d)}\\]$%*]),\\s++\\$?\\d[\\d,.]*\\s++(?:of (?:which|whom|them|these|those)|(?:more|fewer|less) than)\\b(?:[^.,\\n]|[.,](?=\\w))*+(?=[.\\s]*+\\z)|(?<=[\\p{L}\\d)}\\]$%*])(?:[ \\t]*+[,(\\[—–-]?[ \\t]*+\\bbecause\\b|[ \\t]*+[,(][ \\t]*+since\\b|(?<!\\bas \\w{1,12}),?\\s++as(?= \\d)|,\\s++where\\b(?![^\\n]{0,300}[$\\\\])|,\\s++(?:attained|achieved|reached|obtained) (?:at|when|for|if)\\b)"
                    + "(?:[^.,\\n]|[.,](?=\\w))*+(?=[.\\s]*+\\z)"
                    + "|(?<=[\\p{L}\\d)}\\]$%*])(?:,?\\s++\\(?(?:when|whenever|where|if|at|for)\\s++|\\s++\\()"
                    + EQUATION + "(?:\\s+and\\s+" + EQUATION + ")?\\)?(?=[.\\s]*+\\z)");

    /** Since a time is no reason. */
    private static final Pattern SINCE_A_TIME = Pattern.compile(
            "(?i)\\bsince (?:then|last|yesterday|birth|(?:mon|tues|wednes|thurs|fri|satur|sun)day|\\d{4}\\b|\\w+ing\\b|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))");

    private static final Pattern WORD = Pattern.compile("(?<![\\\\a-zA-Z])[a-zA-Z]{2,}");

    /** {@code $50 per person, …$}: an amount of money and no formula. */
    private static final Pattern MONEY = Pattern.compile("[\\d.,]+\\s+(?:an? )?[a-z]{2,}.*", Pattern.DOTALL);

    private static final Pattern BARE =
            Pattern.compile("[-+$]{0,2}\\d[\\d.,]{0,20}(?: [a-z]{1,20}){0,2}|[a-zA-Z] ?= ?[-+*/^().\\d a-zA-Z]{1,40}");

    private static final Pattern RESULT = Pattern.compile(
            "(?i)=|\\b(?:leaves|gives|makes?|gets?|totals?|equals|so|then|hence|thus|therefore|finally|altogether)\\b");

    /** Of something else, which follows: 10 per cent of 50, 10 times as many as 3. */
    private static final Pattern RATE = Pattern.compile("(?i)(?:%|\\bper ?cent|\\btimes(?: as \\w+)?)\\s*\\z");

    private static final Pattern AGAINST = Pattern.compile("(?i)\\s*(?:of|off|as|more|less)\\b[^.\\n]{0,60}\\d");

    private static final Pattern EACH = Pattern.compile("(?i)\\s*for (?:every|each) \\$?\\d");

    private Reason() {}

    /** Whether the sentence gives one. */
    static boolean isGiven(String sentence) {
        return CAUSE.matcher(sentence).find();
    }

    /** The answer without what is said about it, or all that was said. */
    static String before(String said) {
        boolean value = isValueLed(said);
        Optional<String> remarked = value || LETTER_LED.matcher(said).matches()
                ? cut(
                        REMARK,
                        said,
                        before ->
                                value || LETTER.matcher(Sentences.clean(before)).matches())
                : Optional.empty();
        return remarked.or(() -> cut(REASON, said, before -> hasFewWords(before) || isLettered(before)))
                .orElse(said);
    }

    /** Of a bare value with a remark that comes to no other, the value: "15, with 3 left over", not "18, with 3 gone, makes 15". */
    static String beforeRemark(String said) {
        if (said.length() > LONGEST) {
            return said;
        }
        String line = said.lines().findFirst().orElse("");
        String value = Sentences.isOne(said) ? before(said) : Sentences.clean(line);
        return BARE.matcher(value).matches()
                        && !RESULT.matcher(said.substring(value.length())).find()
                ? value
                : said;
    }

    private static Optional<String> cut(Pattern where, String said, java.util.function.Predicate<String> isAnswer) {
        Matcher reason = where.matcher(said);
        while (reason.find()) {
            String before = said.substring(0, reason.start());
            String rest = said.substring(reason.start());
            boolean measured = EACH.matcher(rest).lookingAt()
                    || (RATE.matcher(before).find() && AGAINST.matcher(rest).lookingAt());
            if (!measured && isWhole(before) && !Sentences.clean(before).isEmpty() && isAnswer.test(before)) {
                return Optional.of(Sentences.clean(before));
            }
        }
        return Optional.empty();
    }

    /** Of a bare answer that gives its reason or condition, the answer; else all that was said. */
    static String beforeCause(String said) {
        if (said.length() > LONGEST) {
            return said;
        }
        Matcher own = OWN_SENTENCE.matcher(said);
        if (own.matches()) {
            return own.group(1);
        }
        if (!Sentences.isOne(said) || SINCE_A_TIME.matcher(said).find()) {
            return said;
        }
        Optional<String> spelled = cut(REASON, said, before -> NumberWords.isNumeral(Sentences.clean(before)));
        if (spelled.isPresent()) {
            return spelled.get();
        }
        Matcher cause = CAUSE.matcher(said);
        String before = cause.find() ? said.substring(0, cause.start()) : withoutAside(said);
        if (before.length() == said.length()) {
            return said;
        }
        String clean = Sentences.clean(before).replaceFirst("[\\s(\\[—–-]+$", "");
        return isWhole(clean) && (Sentences.lastNumber(clean).isPresent() || NumberWords.isNumeral(clean))
                ? Sentences.clean(clean)
                : said;
    }

    /** Without the reason or condition at the end, which holds numbers that are no answers, where its sentence has a number before it. */
    static String withoutAside(String text) {
        Matcher aside = ASIDE.matcher(text);
        if (!aside.find()) {
            return text;
        }
        String before = text.substring(0, aside.start());
        String sentence = before.substring(1 + Math.max(before.lastIndexOf(". "), before.lastIndexOf('\n')));
        return Sentences.lastNumber(sentence).isPresent() ? before : text;
    }

    static boolean isValueLed(String said) {
        return VALUE_LED.matcher(said).matches();
    }

    static boolean isLettered(String text) {
        return LETTERED.matcher(text).matches();
    }

    /** No formula and no bracket is cut in two. */
    private static boolean isWhole(String text) {
        return count(text, '{') == count(text, '}')
                && count(text, '(') <= count(text, ')')
                && (count(text, '$') % 2 == 0 || isMoney(text.substring(text.indexOf('$') + 1) + " xx"));
    }

    static boolean isMoney(String text) {
        return MONEY.matcher(text).matches();
    }

    private static long count(String text, char c) {
        return text.chars().filter(each -> each == c).count();
    }

    static boolean hasFewWords(String text) {
        return WORD.matcher(text).results().limit(3).count() < 3;
    }

    /**
     * The answer in what was said: what stands before its reason; else a whole sentence ("the volume of $P$ is 12") says
     * it at its end, or in its only number.
     */
    static String core(String sentence) {
        String said = BOLD.matcher(sentence).replaceAll("");
        String bare = NOT_BUT.matcher(said).replaceFirst("");
        String before = before(bare);
        String value = ADVERB.matcher(before).replaceFirst("");
        if (hasFewWords(value) || isLettered(value) || !before.equals(bare)) {
            return value;
        }
        if (isValueLed(said) && Sentences.hasSeveralNumbers(said)) {
            return said; // several values: none of them alone
        }
        int is = Math.max(said.lastIndexOf(" is "), said.lastIndexOf(" are "));
        String end = is < 0 ? said : said.substring(said.indexOf(' ', is + 1)).strip();
        return hasFewWords(end)
                ? Sentences.clean(end)
                : Sentences.lastNumber(withoutAside(end)).orElse(said);
    }
}
