package cogent.jinja.parse;

import cogent.jinja.parse.Token.Kind;
import cogent.jinja.value.TemplateException;
import java.util.List;

/** The parser's place in the tokens. */
final class Tokens {
    private final List<Token> tokens;
    private int next;

    Tokens(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(next);
    }

    Token peekSecond() {
        return tokens.get(Math.min(next + 1, tokens.size() - 1));
    }

    Token take() {
        Token token = tokens.get(next);
        if (token.kind() != Kind.END) {
            next++;
        }
        return token;
    }

    boolean takeIf(String operator) {
        boolean there = peek().is(operator);
        if (there) {
            next++;
        }
        return there;
    }

    boolean takeIfName(String name) {
        boolean there = peek().isName(name);
        if (there) {
            next++;
        }
        return there;
    }

    Token expect(Kind kind) {
        if (peek().kind() != kind) {
            throw unexpected(kind.words);
        }
        return take();
    }

    void expect(String operator) {
        if (!takeIf(operator)) {
            throw unexpected(operator);
        }
    }

    void expectName(String name) {
        if (!takeIfName(name)) {
            throw unexpected(name);
        }
    }

    TemplateException unexpected(String wanted) {
        return error("expected token '" + wanted + "', got '" + peek().described() + "'");
    }

    TemplateException error(String reason) {
        return new TemplateException(reason, peek().line());
    }
}
