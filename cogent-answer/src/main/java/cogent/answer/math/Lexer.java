package cogent.answer.math;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits cleaned mathematics, LaTeX or plain, into tokens. */
public final class Lexer {
    /** What a token is. */
    enum Kind {
        NUMBER,
        /** A letter or a plain-text name such as {@code sqrt}. */
        NAME,
        /** A LaTeX command, without its backslash. */
        COMMAND,
        /** Upright words: units, remarks, connectors. */
        WORD,
        /** A single sign, or {@code \\}, {@code <=}, {@code >=}, {@code !=}. */
        SIGN
    }

    /** @param glued whether no space stands before it */
    record Token(Kind kind, String text, boolean glued) {
        boolean is(Kind other, String expected) {
            return kind == other && text.equals(expected);
        }

        boolean isSign(String expected) {
            return is(Kind.SIGN, expected);
        }
    }

    public static final int MAX_TOKENS = 2000;
    private static final int MAX_DIGITS = 2000;

    /** Names that plain text may write without a backslash. */
    private static final Set<String> PLAIN_NAMES = Set.of(
            "sqrt",
            "pi",
            "sin",
            "cos",
            "tan",
            "cot",
            "sec",
            "csc",
            "ln",
            "log",
            "gcd",
            "lcm",
            "mod",
            "exp",
            "arcsin",
            "arccos",
            "arctan",
            "inf",
            "infinity",
            "infty",
            "and",
            "or",
            "theta",
            "alpha",
            "beta",
            "gamma",
            "abs",
            "floor",
            "ceil");

    private static final Set<String> TEXT_COMMANDS = Set.of(
            "text",
            "textbf",
            "textit",
            "textrm",
            "textnormal",
            "textsf",
            "texttt",
            "mbox",
            "hbox",
            "mathrm",
            "mathbf",
            "mathit",
            "mathsf",
            "operatorname",
            "bf",
            "rm",
            "boldsymbol",
            "mathcal",
            "emph",
            "underline",
            "bm",
            "pmb");

    private static final Pattern NUMBER = Pattern.compile(
            "(?:\\d++\\.\\d++[eE]-\\d(?![\\d.])|(?:\\d++(?:\\.\\d++)?|\\.\\d++)(?:[eE](?:\\+?\\d{1,4}|-\\d{2,4}|(?<=^1[eE])-\\d)(?![\\d.]))?)");
    private static final Pattern THOUSANDS = Pattern.compile("\\d{1,3}(?:,\\d{3})++(?!\\d)(?:\\.\\d++)?");
    private static final Pattern SPACED_THOUSANDS = Pattern.compile("\\d{1,3}(?: \\d{3})++(?![\\d])");
    private static final Pattern COMMAND = Pattern.compile("\\\\([a-zA-Z]+|.)", Pattern.DOTALL);
    private static final Pattern OTHER_SCRIPT = Pattern.compile("[\\p{L}\\p{M}&&[^\\p{IsLatin}\\p{IsGreek}]]");
    private static final Pattern LATIN = Pattern.compile("\\p{IsLatin}+");
    private static final Pattern LETTERS = Pattern.compile("[a-zA-Z]+");

    private final String text;
    private final boolean thousands;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int brackets;

    private Lexer(String text, boolean thousands) {
        this.text = text;
        this.thousands = thousands;
    }

    /**
     * @param thousands whether a comma before three digits outside brackets groups digits, or separates items
     * @throws ParseException when there are too many tokens or digits
     */
    static List<Token> tokens(String text, boolean thousands) {
        Lexer lexer = new Lexer(text, thousands);
        while (lexer.at < text.length()) {
            lexer.next();
            if (lexer.tokens.size() > MAX_TOKENS) {
                throw new ParseException("too long");
            }
        }
        return lexer.tokens;
    }

    private void next() {
        char c = text.charAt(at);
        if (c == ' ') {
            at++;
        } else if (Character.isDigit(c) || (c == '.' && at + 1 < text.length() && isDigit(text.charAt(at + 1)))) {
            number();
        } else if (c == '\\') {
            command();
        } else if (Character.isLetter(c)) {
            letters();
        } else {
            sign();
        }
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private void add(Kind kind, String token, int start) {
        tokens.add(new Token(kind, token, start == 0 || text.charAt(start - 1) != ' '));
    }

    private void number() {
        int start = at;
        if (thousands && brackets == 0) {
            for (Pattern grouped : new Pattern[] {THOUSANDS, SPACED_THOUSANDS}) {
                Matcher match = grouped.matcher(text).region(at, text.length());
                if (match.lookingAt()) {
                    at = match.end();
                    add(Kind.NUMBER, match.group().replaceAll("[, ]", ""), start);
                    return;
                }
            }
        }
        Matcher match = NUMBER.matcher(text).region(at, text.length());
        if (!match.lookingAt()) {
            throw new ParseException("no number: " + text.charAt(at));
        }
        at = match.end();
        if (at - start > MAX_DIGITS) {
            throw new ParseException("too many digits");
        }
        add(Kind.NUMBER, match.group(), start);
    }

    private void command() {
        int start = at;
        Matcher match = COMMAND.matcher(text).region(at, text.length());
        if (!match.lookingAt()) {
            throw new ParseException("a lone backslash");
        }
        String name = match.group(1);
        at = match.end();
        if (TEXT_COMMANDS.contains(name)) {
            words(start);
        } else if (Character.isLetter(name.charAt(0))) {
            add(Kind.COMMAND, name, start);
        } else {
            bracket(name.charAt(0));
            add(Kind.SIGN, "\\" + name, start);
        }
    }

    /** {@code \text{…}}: a word; a single letter in another type face is just that letter. */
    private void words(int start) {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        if (at == text.length() || text.charAt(at) != '{') {
            return; // \bf and the like: a switch of the type face
        }
        int depth = 0;
        int from = at + 1;
        for (; at < text.length(); at++) {
            depth += text.charAt(at) == '{' ? 1 : text.charAt(at) == '}' ? -1 : 0;
            if (depth == 0) {
                break;
            }
        }
        if (at == text.length()) {
            throw new ParseException("unclosed braces");
        }
        String content = text.substring(from, at++).strip();
        boolean afterNumber = !tokens.isEmpty()
                && (tokens.getLast().kind == Kind.NUMBER
                        || (tokens.getLast().isSign("}")
                                && Units.isLetter(content)
                                && (text.charAt(from) == ' ' || (start > 0 && text.charAt(start - 1) == ' '))));
        if (content.length() == 1 && Character.isLetter(content.charAt(0)) && !afterNumber) {
            add(Kind.NAME, content, start);
        } else if (OTHER_SCRIPT
                        .matcher(LATIN.matcher(content).replaceAll(""))
                        .replaceAll("")
                        .matches("(?:[\\s.,²³'\\-;:!?/^23()*·]|\\^ ?(?:-? ?\\d|\\{ ?-? ?\\d ?\\}))*")
                && !content.isEmpty()) {
            add(Kind.WORD, content, start);
        } else if (!content.isEmpty()) {
            tokens.addAll(tokens(Units.marked(content), thousands)); // mathematics set upright, or 100 dollars
        }
    }

    private void letters() {
        Matcher match = LETTERS.matcher(text).region(at, text.length());
        if (!match.lookingAt()) {
            throw new ParseException("a letter of another alphabet");
        }
        String run = match.group();
        if (PLAIN_NAMES.contains(run)) {
            add(Kind.NAME, run, at);
            at = match.end();
            return;
        }
        String known = PLAIN_NAMES.stream()
                .filter(name -> name.length() > 2 && run.startsWith(name))
                .findFirst()
                .orElse(run.substring(0, 1));
        add(Kind.NAME, known, at);
        at += known.length();
    }

    private void sign() {
        char c = text.charAt(at);
        if (c == '*' && text.startsWith("**", at)) {
            add(Kind.SIGN, "^", at);
            at += 2;
            return;
        }
        bracket(c);
        boolean twoSigns = at + 1 < text.length() && text.charAt(at + 1) == '=' && "<>!".indexOf(c) >= 0;
        add(Kind.SIGN, text.substring(at, at + (twoSigns ? 2 : 1)), at);
        at += twoSigns ? 2 : 1;
    }

    private void bracket(char c) {
        brackets += "([".indexOf(c) >= 0 ? 1 : ")]".indexOf(c) >= 0 ? -1 : 0;
    }
}
