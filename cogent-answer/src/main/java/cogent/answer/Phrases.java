package cogent.answer;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds answers that a sentence announces: "the answer is …", "final answer: …", "… is the answer". */
final class Phrases {
    /** Phrases count near the end only: earlier ones announce intermediate results. */
    private static final int WINDOW = 4000;

    private static final int LONGEST = 400;

    /** What has no end up to here is no sentence that is worth its time. */
    private static final int LONGEST_SENTENCE = 500;

    private static final Pattern PHRASE = Pattern.compile(
            "(?im)(?:(?<!\\b(?:other|wrong|incorrect|previous|your) )(?<![\\p{L}\\d])(?:answer|option|choice|Antwort|respuesta|réponse|risposta|resposta|Ответ|정답|Đáp án|Đáp số)(?![\\p{L}\\d])"
                    + "|^[*_#> \\t]*(?:final )?result(?=[*_]*:)|^A(?=:)(?![\\s\\S]{0,2000}^\\(?[BCD][).:])"
                    + "|(?:答案|答え)(?=\\s*(?:是|为|為|は|:|：)[\\s$\\\\(（]*[-+\\dA-J]))"
                    + "(?:\\s+to\\s+[^.:\\n]{1,60})?(?:\\s{0,3}\\([^()\\n]{1,40}\\)(?=[*_\\s]*(?:[:=]|is\\b)))?[*_\\s]*"
                    + "(?:(?:ist\\b|lautet\\b|est\\b|es\\b|[éè](?=\\s)|(?:is|are)(?!n['’]?t)|would\\s+be(?![^.\\n]{1,60}(?:\\.\\s+(?:but|however)|, but|if \\w{1,12} (?:\\w{2,12}ed|were|was|had|did))\\b)|must\\s+be|becomes|['’]s\\b|-+>|=>?|:|：|是|为|為|は|→|⇒|\\s[-–—](?=\\s))[*_\\s]*[:：]?"
                    + "|(?=\\$|\\\\\\[|\\\\\\()|(?<=answer[*_:]{0,4})(?=[ \\t](?-i:\\(?[A-J]\\)?)[*_.!\\s]*$))[*_\\s]*"
                    + "|故?选(?:择)?[:：]?(?=\\s?[(（]?[A-J])");

    /** A line of its own, with the answer on the next. */
    private static final Pattern HEADING = Pattern.compile(
            "(?im)^[#>*_ \\t]*(?:the |my )?(?:final )?(?:answer|result)[*_: \\t]*$[\\s>]*(?=\\S)(?![^\\n]*:[*_ \\t]*(?:\\n|\\z))");

    private static final Pattern REVERSED = Pattern.compile(
            "(?im)(?:^|[.!?,;:]\\s+|\\b(?:so|thus|hence|therefore),? +)[*_]*(\\(?[A-J]\\)?|[^\\s*_]{0,40}[\\d\\\\][^\\s*_]{0,40})[*_]* is (?:the|our|my)"
                    + " (?:final |correct |right )?(?:answer|option|choice)\\b(?! to\\b)");

    private static final Pattern LINE = Pattern.compile(
            "(?im)(?:^|[.]\\s++|(?<=[\\s(])(?=\\*\\*))[-*_#> \\t]*+(?:(?:so|thus|hence|therefore),? )?(?:the )?"
                    + "(?:correct |right |final )?(?:answer|option|choice|result(?=[*_\\s]*:)|Antwort|答案)[*_\\s]*(?:is\\b|:|：|是|$)");
    private static final Pattern VALUE =
            Pattern.compile("(?:\\(?[A-J]\\)?(?:[.:)]\\s.*)?|[(\\[]?[-+$\\\\\\d(].*|[a-zA-Z]\\s?=.*)", Pattern.DOTALL);

    /** Praise and pointers are no answers. */
    private static final Pattern EMPTY = Pattern.compile(
            "(?i)\\|.*|(?:(?:clearly|obviously|indeed|also|thus) )?(?:not .*|correct|incorrect|right|wrong|valid|consistent"
                    + "|reasonable|simplified|verified|unique|clear|obvious|as follows|given|below|above"
                    + "|(?:obtained|found|calculated|computed|derived|determined|reached|checked|expressed|written)\\b.*)");

    private static final Pattern FENCE = Pattern.compile("\\A```\\w{0,10}\\s+");

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
                last = last.or(phrase.end(), Reason.core(firstSentence(rest)));
                last = last.isCutFrom(before, rest) ? before : last;
                String sentence = Sentences.first(rest);
                boolean reasoned = !last.equals(before) && Reason.isGiven(sentence);
                from = phrase.end() + (reasoned ? sentence.length() : 0);
            }
        }
        Matcher reversed = REVERSED.matcher(tail);
        while (reversed.find()) {
            last = last.or(reversed.end(), Sentences.clean(reversed.group(1)).replace("$", ""));
        }
        return last.at < 0 ? Optional.empty() : Corrections.of(last.said, behind(tail.substring(last.at)));
    }

    /** What follows the sentence. */
    private static String behind(String text) {
        return text.substring(Sentences.first(text).length());
    }

    private record Found(int at, String said) {
        /** Said again at the end of the text, which ends too early: "The answer is 18. The answer is 1". */
        boolean isCutFrom(Found other, String rest) {
            return !other.said.equals(said)
                    && !said.isEmpty()
                    && other.said.startsWith(said)
                    && rest.strip().equals(said);
        }

        Found or(int place, String other) {
            boolean says = !other.isEmpty()
                    && other.length() <= LONGEST
                    && !Boxes.isNothing(other)
                    && !EMPTY.matcher(other).matches();
            return says && place > at ? new Found(place, other) : this;
        }
    }

    /** Whether the text announces an answer at the beginning of a line, and the answer is no word. */
    static Optional<String> statedInALine(String text) {
        return LINE.matcher(text).find() ? stated(text).filter(Phrases::isValue) : Optional.empty();
    }

    /** A number, a formula, or an option with or without its text. */
    static boolean isValue(String said) {
        return VALUE.matcher(said).matches();
    }

    /** Up to the end of the sentence or line, without the markdown and punctuation around it. */
    private static String firstSentence(String text) {
        String start = FENCE.matcher(text.substring(0, Math.min(text.length(), LONGEST_SENTENCE))
                        .stripLeading())
                .replaceFirst("");
        for (String[] math : new String[][] {{"$$", "$$"}, {"\\[", "\\]"}, {"\\(", "\\)"}, {"$", "$"}}) {
            int end = start.startsWith(math[0]) ? start.indexOf(math[1], math[0].length()) : -1;
            if (end >= 0 && !Reason.isMoney(start.substring(math[0].length(), end))) {
                return withRest(start.substring(math[0].length(), end), start.substring(end + math[1].length()));
            }
        }
        return Sentences.clean(Sentences.first(start));
    }

    /** A formula may be only the first of several ("$2$ and $3$") or be followed by its unit. */
    private static String withRest(String formula, String rest) {
        String more = Sentences.clean(Sentences.first(rest));
        return more.isEmpty() || more.length() > 40 ? formula.strip() : formula.strip() + " " + more.replace("$", "");
    }
}
