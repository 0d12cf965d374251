package cogent.answer;

import cogent.answer.math.Expr;
import cogent.answer.math.Numeric;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * Compares equations, inequalities and memberships with each other, with intervals and with bare values.
 *
 * @param parts compares their sides
 */
record Relations(BiFunction<Expr, Expr, Verdict> parts) {
    private static final Map<String, String> REVERSED = Map.of("<", ">", ">", "<", "<=", ">=", ">=", "<=");
    /** Asked for as such: {@code |AB|}, {@code sin A}. */
    private static final Set<String> NAMED = Set.of("abs", "sin", "cos", "tan", "Gamma");

    private static final Expr INFINITY = new Expr.Sym("\\infty");

    /** {@code M ∩ N = [-2, 1)} without the name of the set, beside a set that has none. */
    static Expr unnamed(Expr expression, Expr other) {
        boolean named = expression instanceof Expr.Relation relation
                && relation.operators().equals(List.of("="))
                && !(other instanceof Expr.Relation set && isEquation(set))
                && isSetName(relation.sides().getFirst(), relation.sides().getLast());
        return named ? ((Expr.Relation) expression).sides().getLast() : expression;
    }

    private static boolean isSetName(Expr left, Expr right) {
        return left instanceof Expr.SetOperation(var _, var operands)
                ? operands.stream().allMatch(Relations::isName)
                : isName(left)
                        && (right instanceof Expr.Relation
                                || right instanceof Expr.SetOperation
                                || (right instanceof Expr.Collection(boolean set, var _) && set));
    }

    /** At least one of the two is a relation. */
    Verdict compare(Expr gold, Expr other) {
        Optional<Expr> set = interval(gold);
        Optional<Expr> otherSet = interval(other);
        if (set.isPresent() && otherSet.isPresent()) {
            return isOther(bounded(gold), bounded(other))
                    ? Verdict.different("another variable")
                    : parts.apply(set.get(), otherSet.get());
        }
        if (gold instanceof Expr.Relation a && other instanceof Expr.Relation b) {
            return relations(a, b);
        }
        return gold instanceof Expr.Relation a ? againstValue(a, other) : said((Expr.Relation) other, gold);
    }

    /** A reply may say of what the number is the value: {@code m + n = 25}; 2x = 10 does not say 10. */
    private Verdict said(Expr.Relation relation, Expr value) {
        Expr left = relation.sides().getFirst();
        Expr right = relation.sides().getLast();
        boolean sought = isEquation(relation)
                && Numeric.variables(left).size() > 1
                && Numeric.variables(right).isEmpty()
                && !Numeric.variables(left).contains("y")
                && Numeric.variables(value).isEmpty();
        return sought ? parts.apply(value, right) : againstValue(relation, value);
    }

    private Verdict againstValue(Expr.Relation relation, Expr value) {
        if (relation.operators().contains("approx")) {
            return relation.sides().stream()
                    .map(side -> parts.apply(value, side))
                    .filter(Verdict::isEqual)
                    .findFirst()
                    .orElse(Verdict.different("neither side of ≈"));
        }
        if (isEquation(relation)) {
            if (isName(relation.sides().getFirst())) {
                return parts.apply(value, relation.sides().getLast());
            }
            if (isName(relation.sides().getLast())) {
                return parts.apply(value, relation.sides().getFirst());
            }
            return isReckoning(relation)
                    ? parts.apply(value, relation.sides().getLast())
                    : writtenTwice(relation, value);
        }
        boolean listed = relation.operators().equals(List.of("in"))
                && isName(relation.sides().getFirst())
                && relation.sides().getLast() instanceof Expr.Collection;
        if (listed) {
            return parts.apply(value, relation.sides().getLast());
        }
        return value instanceof Expr.Collection conditions
                        && conditions.items().stream().anyMatch(Expr.Relation.class::isInstance)
                ? Verdict.unknown("a relation against several")
                : Verdict.different("a relation against a value");
    }

    /** One number in two units, or rounded: 30 minutes = 0.5 hours, 14/3 = 4.67. */
    private Verdict writtenTwice(Expr.Relation relation, Expr value) {
        Expr first = relation.sides().getFirst();
        Expr last = relation.sides().getLast();
        boolean measures = first instanceof Expr.Measure && last instanceof Expr.Measure;
        boolean same = relation.sides().size() == 2
                && (measures ? parts.apply(first, last).isEqual() : Values.isRoughly(first, last));
        return same
                        && (parts.apply(value, first).isEqual()
                                || parts.apply(value, last).isEqual())
                ? Verdict.equal("one value, written in two ways")
                : Verdict.different("an equation against a value");
    }

    private Verdict relations(Expr.Relation a, Expr.Relation b) {
        if (isEquation(a) && isEquation(b)) {
            return equations(a, b);
        }
        if (a.operators().size() == 1 && b.operators().size() == 1) {
            return inequalities(a, b);
        }
        return a.operators().equals(b.operators())
                ? Verdict.all(
                        IntStream.range(0, a.sides().size())
                                .mapToObj(i ->
                                        parts.apply(a.sides().get(i), b.sides().get(i)))
                                .toList(),
                        "equal side by side")
                : Verdict.different("other relations");
    }

    private Verdict equations(Expr.Relation a, Expr.Relation b) {
        Expr left = a.sides().getFirst();
        Expr otherLeft = b.sides().getFirst();
        if (isName(left) && isName(otherLeft)) {
            boolean otherVariable = isOther(left, otherLeft);
            if (isResidue(a.sides().getLast()) != isResidue(b.sides().getLast())) {
                return Verdict.unknown("a class of numbers");
            }
            Verdict right = parts.apply(a.sides().getLast(), b.sides().getLast());
            if (right.isEqual() && otherVariable) {
                return Verdict.different("another variable");
            }
            if (right.isEqual() && isOtherFunction(left, otherLeft)) {
                return Verdict.unknown("another function");
            }
            if (right.isEqual() || left.equals(otherLeft)) {
                return right;
            }
            if (left instanceof Expr.Product && otherLeft instanceof Expr.Product) {
                return Verdict.unknown("functions of other letters");
            }
        }
        if (isValue(a) && isValue(b)) {
            return Values.proportional(difference(a), difference(b), false);
        }
        return Verdict.all(
                List.of(
                        parts.apply(left, otherLeft),
                        parts.apply(a.sides().getLast(), b.sides().getLast())),
                "equal side by side");
    }

    private static boolean isOther(Expr variable, Expr other) {
        return variable instanceof Expr.Sym(String name)
                && other instanceof Expr.Sym(String otherName)
                && !isSame(name, otherName);
    }

    private static boolean isOtherFunction(Expr call, Expr other) {
        return call instanceof Expr.Product(var factors)
                && other instanceof Expr.Product(var others)
                && factors.getFirst() instanceof Expr.Sym(String name)
                && others.getFirst() instanceof Expr.Sym(String otherName)
                && !name.equalsIgnoreCase(otherName);
    }

    /** What an interval is told of: the side without numbers; numbers where it is a mere set. */
    private static Expr bounded(Expr expression) {
        if (expression instanceof Expr.Relation(var _, var sides) && sides.size() == 3) {
            return sides.get(1);
        }
        return expression instanceof Expr.Relation relation
                ? relation.sides().stream()
                        .filter(Expr.Sym.class::isInstance)
                        .filter(Relations::isName)
                        .findFirst()
                        .orElse(Expr.integer(0))
                : Expr.integer(0);
    }

    /** A class of numbers: 3 (mod 7). */
    static boolean isResidue(Expr expression) {
        return expression instanceof Expr.Call(String function, var _) && function.equals("pmod");
    }

    /** Also {@code x} and {@code x_1}, a root of several. */
    private static boolean isSame(String name, String other) {
        return name.equals(other)
                || name.equals(Expr.Sym.ELEMENT.name())
                || other.equals(Expr.Sym.ELEMENT.name())
                || (name.startsWith(other) && name.substring(other.length()).matches("_\\d"))
                || (other.startsWith(name) && other.substring(name.length()).matches("_\\d"));
    }

    /** {@code 3 · 4 = 12}: numbers on every side, and the same; a chain may begin with what they are: {@code C(4, 2) = 6 · 1 = 6}. */
    private boolean isReckoning(Expr.Relation relation) {
        Expr last = relation.sides().getLast();
        List<Expr> sides = relation.sides();
        boolean counted = sides.size() > 2
                && sides.getFirst() instanceof Expr.Product(var factors)
                && factors.getFirst() instanceof Expr.Sym
                && factors.get(1) instanceof Expr.Tuple;
        return isValue(relation)
                && sides.subList(counted ? 1 : 0, sides.size()).stream()
                        .allMatch(side -> Numeric.variables(side).isEmpty()
                                && !isName(side)
                                && parts.apply(last, side).isEqual());
    }

    private static boolean isValue(Expr.Relation relation) {
        return relation.sides().stream()
                .noneMatch(side -> side instanceof Expr.Tuple
                        || side instanceof Expr.Collection
                        || side instanceof Expr.Matrix
                        || side instanceof Expr.SetOperation);
    }

    private static Verdict inequalities(Expr.Relation a, Expr.Relation b) {
        String operator = a.operators().getFirst();
        String otherOperator = b.operators().getFirst();
        Expr difference = difference(a);
        Expr otherDifference = difference(b);
        if (Set.of("<", "<=").contains(operator)) {
            difference = Expr.negate(difference);
            operator = REVERSED.get(operator);
        }
        if (Set.of("<", "<=").contains(otherOperator)) {
            otherDifference = Expr.negate(otherDifference);
            otherOperator = REVERSED.get(otherOperator);
        }
        if (operator == null || !operator.equals(otherOperator)) {
            return Verdict.different("other relation signs");
        }
        return Values.proportional(difference, otherDifference, true);
    }

    private static Expr difference(Expr.Relation relation) {
        return new Expr.Sum(List.of(
                relation.sides().getFirst(), Expr.negate(relation.sides().getLast())));
    }

    private static boolean isEquation(Expr.Relation relation) {
        return relation.operators().stream().allMatch("="::equals);
    }

    /** What stands for the quantity sought: {@code x}, {@code f(x)}, {@code S_1 : S_2}, {@code (x, y)}, {@code |AB|}. */
    private static boolean isName(Expr expression) {
        return switch (expression) {
            case Expr.Sym symbol -> !Numeric.variables(symbol).isEmpty();
            case Expr.Words _ -> true;
            case Expr.Product product ->
                (isName(product.factors().getFirst())
                                || isInverse(product.factors().getFirst()))
                        && product.factors().stream()
                                .skip(1)
                                .allMatch(f -> isName(f) || f instanceof Expr.Num || isNegative(f));
            case Expr.Quotient quotient -> isName(quotient.over()) && isName(quotient.under());
            case Expr.Tuple tuple -> tuple.items().stream().allMatch(Relations::isName);
            case Expr.Call call ->
                NAMED.contains(call.function()) && isName(call.arguments().getFirst());
            default -> false;
        };
    }

    /** {@code f^{-1}} before its argument. */
    private static boolean isInverse(Expr factor) {
        return factor instanceof Expr.Power(Expr.Sym(String name), Expr exponent)
                && name.matches("[fghFGH]")
                && exponent.equals(Expr.integer(-1));
    }

    private static boolean isNegative(Expr factor) {
        return factor instanceof Expr.Product product
                && product.factors().size() == 2
                && product.factors().getFirst().equals(Expr.integer(-1));
    }

    /** A set of numbers told as {@code x ∈ S}, {@code a < x ≤ b} or {@code x ≥ a}, or given as a set. */
    static Optional<Expr> interval(Expr expression) {
        if (!(expression instanceof Expr.Relation relation)) {
            return expression instanceof Expr.Tuple
                            || expression instanceof Expr.SetOperation
                            || (expression instanceof Expr.Collection(boolean set, var _) && set)
                            || (expression instanceof Expr.Sym(String name) && name.startsWith("\\mathbb"))
                    ? Optional.of(expression)
                    : Optional.empty();
        }
        List<String> operators = relation.operators();
        List<Expr> sides = relation.sides();
        if (operators.equals(List.of("in"))) {
            return Optional.of(sides.get(1));
        }
        if (operators.size() == 2 && operators.stream().allMatch(Set.of("<", "<=")::contains)) {
            return Optional.of(interval(sides.get(0), operators.get(0), operators.get(1), sides.get(2)));
        }
        if (operators.size() == 2 && operators.stream().allMatch(Set.of(">", ">=")::contains)) {
            return Optional.of(interval(sides.get(2), operators.get(1), operators.get(0), sides.get(0)));
        }
        if (operators.size() == 1 && REVERSED.containsKey(operators.getFirst())) {
            if (isBounded(sides.get(0)) && Numeric.variables(sides.get(1)).isEmpty()) {
                return Optional.of(halfLine(operators.getFirst(), sides.get(1)));
            }
            if (isBounded(sides.get(1)) && Numeric.variables(sides.get(0)).isEmpty()) {
                return Optional.of(halfLine(REVERSED.getOrDefault(operators.getFirst(), "<"), sides.get(0)));
            }
        }
        return Optional.empty();
    }

    /** Not a function of what is asked for: sin x > 0 is no interval of x. */
    private static boolean isBounded(Expr side) {
        return isName(side)
                && !(side instanceof Expr.Call(String function, var arguments)
                        && (!function.equals("abs") || arguments.getFirst() instanceof Expr.Sym));
    }

    private static Expr interval(Expr low, String lowSign, String highSign, Expr high) {
        return new Expr.Tuple(
                lowSign.endsWith("=") ? '[' : '(', highSign.endsWith("=") ? ']' : ')', List.of(low, high));
    }

    private static Expr halfLine(String sign, Expr bound) {
        return sign.startsWith("<")
                ? interval(Expr.negate(INFINITY), "<", sign, bound)
                : interval(bound, sign, "<", INFINITY);
    }
}
