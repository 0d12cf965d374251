package cogent.jinja.parse;

import cogent.jinja.parse.Token.Kind;
import cogent.jinja.value.PythonText;
import cogent.jinja.value.Strings;
import cogent.jinja.value.TemplateException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits a template into tokens with the whitespace rules of transformers: {@code trim_blocks} (the newline after a
 * block or comment is dropped), {@code lstrip_blocks} (blanks before a block or comment that begins its line are
 * dropped), {@code -} and {@code +} at a tag's edges, one newline at the template's end dropped.
 *
 * @see <a href="https://jinja.palletsprojects.com/en/stable/templates/#whitespace-control">Jinja: whitespace control</a>
 */
final class TemplateLexer {
    private static final Pattern RAW_BEGIN = Pattern.compile("\\{%[-+]?\\s*+raw\\s*+(-?)%}");
    private static final Pattern RAW_END = Pattern.compile("\\{%([-+]?)\\s*+endraw\\s*+([-+]?)%}");
    private static final String DIGITS = "[0-9](?:_?[0-9])*+";
    private static final Pattern FLOAT =
            Pattern.compile(DIGITS + "(?:\\." + DIGITS + "(?:[eE][+-]?" + DIGITS + ")?|[eE][+-]?" + DIGITS + ")");
    private static final Pattern INTEGER =
            Pattern.compile("0[bB](?:_?[01])++|0[oO](?:_?[0-7])++|0[xX](?:_?[0-9a-fA-F])++|" + DIGITS);
    private static final Pattern OPERATOR = Pattern.compile("//|\\*\\*|==|!=|>=|<=|[-+/*%~\\[\\](){}=><.:|,;]");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int position;
    private int line = 1;
    private int counted;

    private TemplateLexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String template) {
        String source = template.replace("\r\n", "\n").replace('\r', '\n');
        var lexer = new TemplateLexer(source.endsWith("\n") ? source.substring(0, source.length() - 1) : source);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        while (position < source.length()) {
            int open = nextTag(position);
            if (open < 0) {
                add(Kind.TEXT, source.substring(position), position);
                position = source.length();
            } else {
                boolean print = source.charAt(open + 1) == '{';
                String text = beforeTag(position, open, !print, sign(open + 2));
                if (!text.isEmpty()) {
                    add(Kind.TEXT, text, position);
                }
                position = open;
                switch (source.charAt(open + 1)) {
                    case '#' -> comment();
                    case '{' -> tag(Kind.PRINT_BEGIN, Kind.PRINT_END, "}}");
                    default -> block();
                }
            }
        }
        add(Kind.END, "", position);
    }

    private int nextTag(int from) {
        for (int i = source.indexOf('{', from); i >= 0 && i + 1 < source.length(); i = source.indexOf('{', i + 1)) {
            char next = source.charAt(i + 1);
            if (next == '{' || next == '%' || next == '#') {
                return i;
            }
        }
        return -1;
    }

    /** The text between two tags as far as the tag that follows lets it stand. */
    private String beforeTag(int from, int to, boolean strips, char sign) {
        String text = source.substring(from, to);
        if (sign == '-') {
            return PythonText.rstrip(text);
        }
        if (strips && sign != '+') {
            int lineStart = text.lastIndexOf('\n') + 1;
            boolean beginsLine = lineStart > 0 || from == 0 || source.charAt(from - 1) == '\n';
            if (beginsLine && PythonText.isBlank(text.substring(lineStart))) {
                return text.substring(0, lineStart);
            }
        }
        return text;
    }

    private char sign(int at) {
        char c = at < source.length() ? source.charAt(at) : ' ';
        return c == '-' || c == '+' ? c : ' ';
    }

    private void comment() {
        int end = source.indexOf("#}", position + 2);
        if (end < 0) {
            throw error("Missing end of comment tag", position);
        }
        afterTag(end > position + 2 ? sign(end - 1) : ' ', end + 2, true);
    }

    private void block() {
        Matcher raw = RAW_BEGIN.matcher(source).region(position, source.length());
        if (raw.lookingAt()) {
            int from = raw.group(1).isEmpty() ? raw.end() : skipBlank(raw.end());
            Matcher end = RAW_END.matcher(source);
            if (!end.find(raw.end())) {
                throw error("Missing end of raw directive", position);
            }
            from = Math.min(from, end.start());
            add(Kind.TEXT, beforeTag(from, end.start(), true, charOf(end.group(1))), from);
            afterTag(charOf(end.group(2)), end.end(), true);
        } else {
            tag(Kind.BLOCK_BEGIN, Kind.BLOCK_END, "%}");
        }
    }

    private static char charOf(String sign) {
        return sign.isEmpty() ? ' ' : sign.charAt(0);
    }

    /** Goes on after a tag: behind all blanks where it ends with {@code -}, behind a newline where blocks are trimmed. */
    private void afterTag(char sign, int end, boolean trims) {
        position = end;
        if (sign == '-') {
            position = skipBlank(end);
        } else if (sign != '+' && trims && end < source.length() && source.charAt(end) == '\n') {
            position = end + 1;
        }
    }

    private int skipBlank(int from) {
        int i = from;
        while (i < source.length() && PythonText.isSpace(source.charAt(i))) {
            i++;
        }
        return i;
    }

    private void tag(Kind begin, Kind end, String close) {
        add(begin, "", position);
        position += 2;
        if (sign(position) != ' ') {
            position++;
        }
        Deque<String> open = new ArrayDeque<>();
        while (true) {
            position = skipBlank(position);
            if (position >= source.length()) {
                return; // the parser names what is missing
            }
            char sign = sign(position);
            if (open.isEmpty()) {
                boolean signed = sign == '-' || (sign == '+' && end == Kind.BLOCK_END);
                if ((signed && source.startsWith(close, position + 1)) || source.startsWith(close, position)) {
                    add(end, "", position);
                    boolean takesSign = !source.startsWith(close, position);
                    afterTag(takesSign ? sign : ' ', position + (takesSign ? 3 : 2), end == Kind.BLOCK_END);
                    return;
                }
            }
            next(open);
        }
    }

    private void next(Deque<String> open) {
        char c = source.charAt(position);
        int start = position;
        if (Character.isUnicodeIdentifierStart(c) || c == '_') {
            while (position < source.length() && Character.isUnicodeIdentifierPart(source.charAt(position))) {
                position++;
            }
            add(Kind.NAME, source.substring(start, position), start);
        } else if (c == '\'' || c == '"') {
            add(Kind.STRING, Strings.unescape(quoted(c)), start);
        } else if (c >= '0' && c <= '9') {
            Matcher number = FLOAT.matcher(source).region(position, source.length());
            boolean afterDot = position > 0 && source.charAt(position - 1) == '.';
            boolean isFloat = !afterDot && number.lookingAt();
            if (!isFloat) {
                number.usePattern(INTEGER).lookingAt();
            }
            position = number.end();
            add(isFloat ? Kind.FLOAT : Kind.INTEGER, number.group().replace("_", ""), start);
        } else {
            operator(open);
        }
    }

    /** The text between the quotes; leaves the position behind them. */
    private String quoted(char quote) {
        int start = position;
        for (int i = start + 1; i < source.length(); i++) {
            char c = source.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == quote) {
                position = i + 1;
                return source.substring(start + 1, i);
            }
        }
        throw error("unexpected char " + Strings.repr(String.valueOf(quote)) + " at " + start, start);
    }

    private void operator(Deque<String> open) {
        Matcher operator = OPERATOR.matcher(source).region(position, source.length());
        if (!operator.lookingAt()) {
            String at = Character.toString(source.codePointAt(position));
            throw error("unexpected char " + Strings.repr(at) + " at " + position, position);
        }
        String text = operator.group();
        switch (text) {
            case "(" -> open.push(")");
            case "[" -> open.push("]");
            case "{" -> open.push("}");
            case ")", "]", "}" -> {
                if (open.isEmpty()) {
                    throw error("unexpected '" + text + "'", position);
                }
                String expected = open.pop();
                if (!expected.equals(text)) {
                    throw error("unexpected '" + text + "', expected '" + expected + "'", position);
                }
            }
            default -> {}
        }
        add(Kind.OPERATOR, text, position);
        position = operator.end();
    }

    private void add(Kind kind, String text, int at) {
        tokens.add(new Token(kind, text, lineAt(at)));
    }

    private TemplateException error(String reason, int at) {
        return new TemplateException(reason, lineAt(at));
    }

    /** Lines are counted once: asked-for places never go back by more than a tag. */
    private int lineAt(int at) {
        for (; counted < at; counted++) {
            if (source.charAt(counted) == '\n') {
                line++;
            }
        }
        return line;
    }
}
