package cogent.jinja.parse;

import java.util.Set;

/**
 * A piece of template source.
 *
 * @param text a text's or string's value, a name, a number's digits, an operator
 * @param line where it begins, from 1
 */
record Token(Kind kind, String text, int line) {
    private static final Set<String> CONSTANTS = Set.of("true", "True", "false", "False", "none", "None");

    enum Kind {
        TEXT("template data"),
        PRINT_BEGIN("begin of print statement"),
        PRINT_END("end of print statement"),
        BLOCK_BEGIN("begin of statement block"),
        BLOCK_END("end of statement block"),
        NAME("name"),
        STRING("string"),
        INTEGER("integer"),
        FLOAT("float"),
        OPERATOR("operator"),
        END("end of template");

        final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    boolean is(String operator) {
        return kind == Kind.OPERATOR && text.equals(operator);
    }

    boolean isName(String name) {
        return kind == Kind.NAME && text.equals(name);
    }

    boolean isConstant() {
        return switch (kind) {
            case STRING, INTEGER, FLOAT -> true;
            case NAME -> CONSTANTS.contains(text);
            default -> false;
        };
    }

    /** How Jinja names it in an error. */
    String described() {
        return kind == Kind.OPERATOR || kind == Kind.NAME ? text : kind.words;
    }
}
