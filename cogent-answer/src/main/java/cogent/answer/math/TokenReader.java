package cogent.answer.math;

import cogent.answer.math.Lexer.Kind;
import cogent.answer.math.Lexer.Token;
import java.util.List;

/** A place in a list of tokens. */
class TokenReader {
    private static final int MAX_DEPTH = 60;

    private final List<Token> tokens;
    private int at;
    private int depth;

    TokenReader(List<Token> tokens) {
        this.tokens = tokens;
    }

    final boolean atEnd() {
        return at >= tokens.size();
    }

    final Token peek() {
        return peek(0);
    }

    final Token peek(int ahead) {
        if (at + ahead >= tokens.size()) {
            throw new ParseException("ends too early");
        }
        return tokens.get(at + ahead);
    }

    final boolean follows(int ahead, Kind kind) {
        return at + ahead < tokens.size() && tokens.get(at + ahead).kind() == kind;
    }

    final boolean followsSign(String sign) {
        return !atEnd() && peek().isSign(sign);
    }

    final boolean followsCommand(String name) {
        return !atEnd() && peek().is(Kind.COMMAND, name);
    }

    final int mark() {
        return at;
    }

    /** To where it was. */
    final void back(int mark) {
        at = mark;
    }

    final Token take() {
        Token token = peek();
        at++;
        return token;
    }

    /** Steps over a token; true, for use in conditions. */
    final boolean advance() {
        at++;
        return true;
    }

    /** Steps over the sign if it is next. */
    final boolean skip(String sign) {
        return followsSign(sign) && advance();
    }

    final void expect(String sign) {
        if (!skip(sign)) {
            throw new ParseException("expected " + sign);
        }
    }

    final ParseException unexpected() {
        return new ParseException(atEnd() ? "ends too early" : "unexpected " + peek().text());
    }

    final void down() {
        if (++depth > MAX_DEPTH) {
            throw new ParseException("nested too deeply");
        }
    }

    final void up() {
        depth--;
    }

    /** The next token, or the group in braces, as text without spaces and braces: names, subscripts. */
    final String raw() {
        if (!followsSign("{")) {
            return text(take());
        }
        advance();
        StringBuilder text = new StringBuilder();
        for (int open = 1; ; ) {
            Token token = take();
            open += token.isSign("{") ? 1 : token.isSign("}") ? -1 : 0;
            if (open == 0) {
                return text.toString();
            }
            if (!token.isSign("{") && !token.isSign("}")) {
                text.append(text(token));
            }
        }
    }

    private static String text(Token token) {
        return token.kind() == Kind.COMMAND ? "\\" + token.text() : token.text();
    }
}
