package cogent.model.text;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What of a pattern in Oniguruma's syntax can be told without matching it.
 *
 * @param empty whether it can match nothing, at the beginning of some text
 * @param loose whether a repetition without bound can match all of it by itself, as in {@code b?a+}
 * @param explosive whether such a repetition is repeated without bound, as in {@code (a+)*}, or the pattern calls itself: some
 *     text can then be cut in more ways than the library tries
 */
record PatternShape(boolean empty, boolean loose, boolean explosive) {
    private static final PatternShape NOTHING = new PatternShape(true, false, false);
    private static final PatternShape CHARACTER = new PatternShape(false, false, false);

    static PatternShape of(String pattern) {
        return new Reader(pattern).alternatives();
    }

    private static PatternShape inARow(List<PatternShape> parts) {
        long needed = parts.stream().filter(part -> !part.empty).count();
        boolean loose = parts.stream().anyMatch(part -> part.loose && needed == (part.empty ? 0 : 1));
        return new PatternShape(
                parts.stream().allMatch(PatternShape::empty),
                loose,
                parts.stream().anyMatch(PatternShape::explosive));
    }

    private static PatternShape oneOf(List<PatternShape> ways) {
        return new PatternShape(
                ways.stream().anyMatch(PatternShape::empty),
                ways.stream().anyMatch(PatternShape::loose),
                ways.stream().anyMatch(PatternShape::explosive));
    }

    /** Matched once it is not tried in another way. */
    private PatternShape atomic() {
        return new PatternShape(empty, false, explosive);
    }

    /** What stands around a match and is no part of it. */
    private PatternShape beside(boolean behind) {
        return new PatternShape(!behind, false, explosive);
    }

    private PatternShape repeated(boolean optional, boolean unbounded, boolean ambiguous) {
        return new PatternShape(
                empty || optional, loose || unbounded, explosive || (unbounded && (loose || ambiguous)));
    }

    private static final class Reader {
        private static final Pattern COUNTS = Pattern.compile("\\{(\\d*)(,?)(\\d*)}");
        private static final Pattern OPENING =
                Pattern.compile("\\(\\?(?:<[A-Za-z_]\\w*>|'\\w+'|<?[=!]|[>:~]|#[^)]*|[a-zA-Z-]+[:)]|)");
        private static final Pattern ESCAPE = Pattern.compile(
                "\\\\(?:[pP]\\{[^}]*}|[xo]\\{[^}]*}|x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{4}|[gk](?:<[^>]*>|'[^']*')|.)",
                Pattern.DOTALL);

        private final String pattern;
        private int at;
        /** Whether of two alternatives of the group that was read last one begins with the other. */
        private boolean twice;

        Reader(String pattern) {
            this.pattern = pattern;
        }

        /** Up to the end, or the parenthesis that closes the group. */
        PatternShape alternatives() {
            List<PatternShape> ways = new ArrayList<>();
            var texts = new HashSet<String>();
            boolean again = false;
            do {
                int from = at;
                ways.add(row());
                String text = pattern.substring(from, at);
                again |= !text.isEmpty()
                        && texts.stream().anyMatch(other -> other.startsWith(text) || text.startsWith(other));
                if (!text.isEmpty()) {
                    texts.add(text);
                }
            } while (taken('|'));
            twice = again;
            return oneOf(ways);
        }

        private PatternShape row() {
            List<PatternShape> parts = new ArrayList<>();
            while (at < pattern.length() && pattern.charAt(at) != '|' && pattern.charAt(at) != ')') {
                twice = false;
                parts.add(quantified(atom()));
            }
            return inARow(parts);
        }

        private PatternShape quantified(PatternShape atom) {
            PatternShape shape = atom;
            while (at < pattern.length()) {
                Matcher counts = COUNTS.matcher(pattern).region(at, pattern.length());
                char c = pattern.charAt(at);
                if (c == '*' || c == '+' || c == '?') {
                    at++;
                    shape = shape.repeated(c != '+', c != '?', twice);
                } else if (counts.lookingAt()
                        && counts.end() - at > 2
                        && !counts.group().equals("{,}")) {
                    at = counts.end();
                    boolean none = counts.group(1).isEmpty() || Integer.parseInt(counts.group(1)) == 0;
                    boolean open = !counts.group(2).isEmpty() && counts.group(3).isEmpty();
                    shape = shape.repeated(none, open, twice);
                    taken('?');
                    continue;
                } else {
                    return shape;
                }
                if (taken('+')) {
                    shape = new PatternShape(shape.empty, false, atom.explosive);
                } else {
                    taken('?');
                }
            }
            return shape;
        }

        private PatternShape atom() {
            char c = pattern.charAt(at);
            if (c == '\\') {
                return escape();
            }
            if (c == '[') {
                bracket();
                return CHARACTER;
            }
            if (c == '(') {
                return group();
            }
            at++;
            return c == '^' || c == '$' ? NOTHING : CHARACTER;
        }

        private PatternShape escape() {
            Matcher escape = ESCAPE.matcher(pattern).region(at, pattern.length());
            if (!escape.lookingAt()) {
                at = pattern.length();
                return CHARACTER;
            }
            at = escape.end();
            return switch (escape.group().charAt(1)) {
                case 'g' -> new PatternShape(false, false, escape.group().length() > 2);
                case 'b', 'B', 'K', 'A', 'z', 'Z', 'G', 'y', 'Y' -> NOTHING;
                case 'k', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> NOTHING; // what it repeats may be nothing
                default -> CHARACTER;
            };
        }

        /** Sets may stand in sets; a bracket right behind the opening one is a character. */
        private void bracket() {
            int depth = 0;
            do {
                char c = pattern.charAt(at);
                if (c == '\\') {
                    at++;
                } else if (c == '[') {
                    depth++;
                    at += pattern.startsWith("^", at + 1) ? 1 : 0;
                    at += pattern.startsWith("]", at + 1) ? 1 : 0;
                } else if (c == ']') {
                    depth--;
                }
                at++;
            } while (depth > 0 && at < pattern.length());
            at = Math.min(at, pattern.length());
        }

        private PatternShape group() {
            Matcher opening = OPENING.matcher(pattern).region(at, pattern.length());
            String kind = opening.lookingAt() ? opening.group() : "(";
            at += kind.length();
            if (kind.startsWith("(?#")) {
                taken(')');
                return NOTHING;
            }
            if (kind.endsWith(")")) {
                return NOTHING; // options alone
            }
            PatternShape inner = alternatives();
            taken(')');
            return switch (kind) {
                case "(?=", "(?!", "(?<!" -> inner.beside(false);
                case "(?<=" -> inner.beside(!inner.empty);
                case "(?>" -> inner.atomic();
                case "(?~" -> new PatternShape(true, true, inner.explosive);
                default -> inner;
            };
        }

        private boolean taken(char c) {
            boolean there = at < pattern.length() && pattern.charAt(at) == c;
            at += there ? 1 : 0;
            return there;
        }
    }
}
