package cogent.answer;

import cogent.answer.math.Expr;
import cogent.answer.math.Lexer;
import cogent.answer.math.Numeric;
import cogent.answer.math.Rational;
import cogent.answer.math.RealSet;
import cogent.answer.math.Unit;
import cogent.answer.math.Units;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Compares two parsed answers by their structure; values are {@link Values}' part. */
final class Compare {
    private static final int MAX_ITEMS = 60;

    /** And of what kind there is none. */
    private static final Pattern NO_SOLUTION = Pattern.compile(
            "(?i)(?:there (?:is|are|exists?) )?no ((?:[a-z]{3,10} ){0,2})(?:solutions?|roots?)(?: exists?)?");

    private static final Pattern TEMPERATURE = Pattern.compile("deg ?[CF]|K|kelvins?");

    private Compare() {}

    static Verdict of(Expr gold, Expr other) {
        return gold.equals(other)
                ? Verdict.equal("same form")
                : forms(
                        Vectors.plain(Relations.unnamed(gold, other), other),
                        Vectors.plain(Relations.unnamed(other, gold), gold));
    }

    private static Verdict forms(Expr gold, Expr other) {
        Optional<Verdict> sets = sets(gold, other);
        if (sets.isPresent()) {
            return sets.get();
        }
        if (gold instanceof Expr.Measure || other instanceof Expr.Measure) {
            return measures(gold, other);
        }
        if (gold instanceof Expr.Relation || other instanceof Expr.Relation) {
            return new Relations(Compare::of).compare(gold, other);
        }
        if (isUnion(gold) && other instanceof Expr.Collection b) {
            return unionAgainst((Expr.SetOperation) gold, b);
        }
        if (isUnion(other) && gold instanceof Expr.Collection a) {
            return unionAgainst((Expr.SetOperation) other, a);
        }
        if (gold instanceof Expr.Collection a && other instanceof Expr.Collection b) {
            return collections(a, b);
        }
        if (gold instanceof Expr.Collection a) {
            return collectionAgainst(a, other);
        }
        if (other instanceof Expr.Collection b) {
            return isWrittenTwice(b, gold)
                    ? Verdict.equal("one value, written in several ways")
                    : collectionAgainst(b, gold);
        }
        if (gold instanceof Expr.Tuple a && other instanceof Expr.Tuple b) {
            return tuples(a, b);
        }
        if (gold instanceof Expr.Matrix a && other instanceof Expr.Tuple b) {
            return vector(a, b);
        }
        if (gold instanceof Expr.Tuple a && other instanceof Expr.Matrix b) {
            return vector(b, a);
        }
        if (gold instanceof Expr.Matrix a && other instanceof Expr.Matrix b) {
            return matrices(a, b);
        }
        if (gold instanceof Expr.SetOperation a && other instanceof Expr.SetOperation b) {
            return setOperations(a, b);
        }
        if (gold instanceof Expr.SetOperation || other instanceof Expr.SetOperation) {
            return Verdict.unknown("a union of sets against another form");
        }
        if (gold instanceof Expr.Words a && other instanceof Expr.Words b) {
            return words(a.text(), b.text());
        }
        if (isPieces(gold) || isPieces(other)) {
            return pieces(gold, other);
        }
        Expr vector = components(gold, other);
        Expr otherVector = components(other, gold);
        if (!vector.equals(gold) || !otherVector.equals(other)) {
            return of(vector, otherVector);
        }
        return isValue(gold) && isValue(other)
                ? values(gold, other)
                : Verdict.different(shape(gold) + " against " + shape(other));
    }

    private static boolean isPieces(Expr expression) {
        return expression instanceof Expr.Call(String function, var _) && function.equals("pieces");
    }

    /** Functions in pieces, which may be cut in several ways. */
    private static Verdict pieces(Expr gold, Expr other) {
        boolean same = gold instanceof Expr.Call(var _, var pieces)
                && other instanceof Expr.Call(var _, var others)
                && isPieces(gold)
                && isPieces(other)
                && both(included(pieces, others), included(others, pieces)).isEqual();
        return same ? Verdict.equal("the same pieces") : Verdict.unknown("other pieces");
    }

    /** Sets told by operations or conditions; two conditions must be of the same variable. */
    private static Optional<Verdict> sets(Expr gold, Expr other) {
        boolean told = Stream.of(gold, other)
                .anyMatch(each -> each instanceof Expr.SetOperation
                        || each instanceof Expr.Relation
                        || (each instanceof Expr.Collection(boolean set, var items)
                                && !set
                                && items.stream().anyMatch(Expr.Relation.class::isInstance)));
        boolean variables = Stream.of(gold, other)
                        .flatMap(each -> Numeric.variables(each).stream())
                        .filter(name -> !name.equals(Expr.Sym.ELEMENT.name()))
                        .distinct()
                        .count()
                <= 1;
        return told && variables
                ? RealSet.of(gold)
                        .flatMap(a -> RealSet.of(other)
                                .map(b ->
                                        a.isSame(b) ? Verdict.equal("the same set") : Verdict.different("other sets")))
                : Optional.empty();
    }

    /** 3/4 or 0.75 or 75 %, but not 2 and 2. */
    private static boolean isWrittenTwice(Expr.Collection answer, Expr gold) {
        return !answer.items().isEmpty()
                && answer.items().stream().distinct().count() == answer.items().size()
                && answer.items().stream().allMatch(item -> of(gold, item).isEqual());
    }

    private static boolean isUnion(Expr expression) {
        return expression instanceof Expr.SetOperation operation
                && operation.operator().equals("cup");
    }

    /** A union of intervals told as inequalities: x < 1 or x > 2. */
    private static Verdict unionAgainst(Expr.SetOperation union, Expr.Collection inequalities) {
        List<Expr> intervals = new ArrayList<>();
        for (Expr item : inequalities.items()) {
            if (!(item instanceof Expr.Relation)) {
                return Verdict.unknown("a union of sets against a list");
            }
            Relations.interval(item).ifPresent(intervals::add);
        }
        return intervals.size() == inequalities.items().size()
                ? setOperations(union, new Expr.SetOperation("cup", intervals))
                : Verdict.unknown("a union of sets against relations");
    }

    private static Expr components(Expr expression, Expr vector) {
        return switch (vector) {
            case Expr.Tuple(var _, var _, var items)
            when isValue(expression) ->
                Vectors.components(expression, items.size()).orElse(expression);
            case Expr.Matrix(var rows)
            when isValue(expression) && rows.stream().allMatch(row -> row.size() == 1) ->
                Vectors.components(expression, rows.size()).orElse(expression);
            default -> expression;
        };
    }

    private static Expr number(Expr expression) {
        return expression instanceof Expr.Call(String _, var parts) && Relations.isResidue(expression)
                ? parts.getFirst()
                : expression;
    }

    /** Beside a number 5 m may be five metres. */
    private static Verdict values(Expr gold, Expr other) {
        if (Relations.isResidue(gold) != Relations.isResidue(other)) {
            return number(gold).equals(number(other))
                    ? Verdict.equal("the least of its class")
                    : Verdict.unknown("a class of numbers");
        }
        Verdict verdict = Values.compare(gold, other);
        boolean unit = verdict.kind() == Verdict.Kind.DIFFERENT
                && Numeric.variables(gold).isEmpty()
                && other instanceof Expr.Product(var factors)
                && factors.getLast() instanceof Expr.Sym(String name)
                && Units.isLetter(name)
                && Values.compare(gold, new Expr.Product(factors.subList(0, factors.size() - 1)))
                        .isEqual();
        return unit ? Verdict.unknown("a letter that may be a unit") : verdict;
    }

    /** A vector as a row, as a column, or as a point. */
    private static Verdict vector(Expr.Matrix matrix, Expr.Tuple tuple) {
        boolean row = matrix.rows().size() == 1;
        boolean column = matrix.rows().stream().allMatch(r -> r.size() == 1);
        if ((!row && !column) || tuple.open() != '(' || tuple.close() != ')') {
            return Verdict.different("a matrix against a tuple or interval");
        }
        return sequences(matrix.rows().stream().flatMap(List::stream).toList(), tuple.items());
    }

    static Verdict words(String a, String b) {
        Optional<String> none = noSolution(a);
        return letters(a).equals(letters(b)) || (none.isPresent() && none.equals(noSolution(b)))
                ? Verdict.equal("same words")
                : Verdict.different("other words");
    }

    private static Optional<String> noSolution(String words) {
        Matcher none = NO_SOLUTION.matcher(words.strip());
        return none.matches() ? Optional.of(none.group(1).toLowerCase(Locale.ROOT)) : Optional.empty();
    }

    private static Verdict measures(Expr gold, Expr other) {
        Expr a = measured(gold, other);
        Expr b = measured(other, gold);
        if (!(a instanceof Expr.Measure x) || !(b instanceof Expr.Measure y)) {
            return inRadians(a, b)
                    ? Values.compare(radians(a), bare(b))
                    : inRadians(b, a) ? Values.compare(bare(a), radians(b)) : of(bare(a), bare(b));
        }
        Unit unit = Units.read(x.unit());
        Unit otherUnit = Units.read(y.unit());
        if (unit.equals(otherUnit)) {
            return of(bare(a), bare(b));
        }
        if (unit.measuresLike(otherUnit)) {
            Rational ratio = otherUnit.size().over(unit.size());
            Verdict converted = of(bare(a), new Expr.Product(List.of(new Expr.Num(ratio, 0), bare(b))));
            return converted.isEqual() ? Verdict.equal("equal in another unit") : converted;
        }
        boolean scales = TEMPERATURE.matcher(x.unit()).matches()
                && TEMPERATURE.matcher(y.unit()).matches();
        return scales || of(bare(a), bare(b)).isEqual()
                ? Verdict.unknown("other units: " + x.unit() + ", " + y.unit())
                : Verdict.different("other values, other units");
    }

    /** 45° is not 45 rad. */
    private static boolean inRadians(Expr degrees, Expr radians) {
        return degrees instanceof Expr.Call(String function, var _)
                && function.equals("deg")
                && radians instanceof Expr.Measure measure
                && Units.read(measure.unit()).equals(Units.RADIAN);
    }

    /** In a product, where no sign of degrees may be left out. */
    private static Expr radians(Expr degrees) {
        return new Expr.Product(List.of(Expr.integer(1), degrees));
    }

    /** Beside a value with a unit a factor such as {@code m} or {@code m^2} is one too. */
    private static Expr measured(Expr expression, Expr other) {
        if (other instanceof Expr.Measure(Expr _, String unit)
                && expression instanceof Expr.Product(var factors)
                && factors.size() > 1) {
            String name = letter(factors.getLast());
            if (!name.isEmpty() && Units.read(name).measuresLike(Units.read(unit))) {
                return new Expr.Measure(new Expr.Product(factors.subList(0, factors.size() - 1)), name);
            }
        }
        return expression;
    }

    private static String letter(Expr factor) {
        return switch (factor) {
            case Expr.Sym(String name) -> name;
            case Expr.Power(Expr.Sym(String name), Expr.Num exponent) -> name + "^" + exponent.value();
            default -> "";
        };
    }

    private static Expr bare(Expr expression) {
        return expression instanceof Expr.Measure measure ? bare(measure.value()) : expression;
    }

    private static boolean isValue(Expr expression) {
        return switch (expression) {
            case Expr.Tuple _, Expr.Collection _, Expr.SetOperation _, Expr.Matrix _, Expr.Relation _, Expr.Words _ ->
                false;
            default -> true;
        };
    }

    private static String shape(Expr expression) {
        return switch (expression) {
            case Expr.Tuple _ -> "a tuple or interval";
            case Expr.Collection _ -> "a list or set";
            case Expr.SetOperation _ -> "a union";
            case Expr.Matrix _ -> "a matrix";
            case Expr.Relation _ -> "a relation";
            case Expr.Words _ -> "words";
            default -> "a value";
        };
    }

    /** Without case, punctuation and a leading article. */
    private static String letters(String words) {
        return words.toLowerCase(Locale.ROOT)
                .replaceFirst("^(?:an?|the)\\s+", "")
                .replaceAll("[^\\p{L}\\p{N}]+", "");
    }

    private static Verdict collections(Expr.Collection a, Expr.Collection b) {
        if (a.set() != b.set() && (isTold(a) || isTold(b))) {
            return Verdict.unknown("a set told by its conditions");
        }
        boolean sets = a.set() || b.set() || a.items().stream().allMatch(Expr.Tuple.class::isInstance);
        if (a.items().size() != b.items().size() && !sets) {
            return Verdict.different(
                    "lists of %d and %d".formatted(a.items().size(), b.items().size()));
        }
        return sets
                ? both(included(a.items(), b.items()), included(b.items(), a.items()))
                : matched(a.items(), b.items());
    }

    private static boolean isTold(Expr.Collection set) {
        return set.items().size() > 1
                && set.items().stream().allMatch(Expr.Relation.class::isInstance)
                && set.items().stream()
                        .anyMatch(item -> !((Expr.Relation) item).operators().contains("="));
    }

    private static Verdict both(Verdict a, Verdict b) {
        return Verdict.all(List.of(a, b), "same items");
    }

    /** Whether every item has an equal among the others. */
    private static Verdict included(List<Expr> items, List<Expr> others) {
        if (items.size() > MAX_ITEMS || others.size() > MAX_ITEMS) {
            return Verdict.unknown("too many items");
        }
        List<Verdict> found = new ArrayList<>();
        for (Expr item : items) {
            found.add(best(others.stream().map(other -> of(item, other)).toList()));
        }
        return Verdict.all(found, "same items");
    }

    /** Whether the items can be paired off; equality is transitive enough for the first match to do. */
    private static Verdict matched(List<Expr> items, List<Expr> others) {
        if (items.size() > MAX_ITEMS) {
            return Verdict.unknown("too many items");
        }
        List<Expr> left = new ArrayList<>(others);
        List<Verdict> found = new ArrayList<>();
        for (Expr item : items) {
            List<Verdict> verdicts = left.stream().map(other -> of(item, other)).toList();
            Verdict best = best(verdicts);
            found.add(best);
            if (best.isEqual()) {
                left.remove(verdicts.indexOf(best));
            }
        }
        return Verdict.all(found, "same items in any order");
    }

    private static Verdict best(List<Verdict> verdicts) {
        for (Verdict.Kind kind : List.of(Verdict.Kind.EQUAL, Verdict.Kind.UNKNOWN)) {
            for (Verdict verdict : verdicts) {
                if (verdict.kind() == kind) {
                    return verdict;
                }
            }
        }
        return Verdict.different("an item has no equal");
    }

    private static Verdict collectionAgainst(Expr.Collection collection, Expr other) {
        if (other instanceof Expr.Tuple tuple) {
            boolean interval = tuple.open() == '[' || tuple.close() == ']';
            return (collection.set() || interval)
                            && tuple.items().size() == collection.items().size()
                    ? Verdict.unknown("a set against a tuple or interval")
                    : sequences(ordered(collection.items()), tuple.items());
        }
        if (collection.items().size() == 1) {
            return of(collection.items().getFirst(), other);
        }
        return Verdict.different(
                "a list of %d against one value".formatted(collection.items().size()));
    }

    /** {@code y = 2, x = 1}: coordinates have their order by their names. */
    private static List<Expr> ordered(List<Expr> items) {
        boolean coordinates = items.stream()
                .allMatch(item -> item instanceof Expr.Relation(var _, var sides)
                        && sides.getFirst() instanceof Expr.Sym(String name)
                        && List.of("x", "y", "z").contains(name));
        return coordinates
                ? items.stream()
                        .sorted(Comparator.comparing(item ->
                                ((Expr.Sym) ((Expr.Relation) item).sides().getFirst()).name()))
                        .toList()
                : items;
    }

    private static Verdict tuples(Expr.Tuple a, Expr.Tuple b) {
        boolean pair = a.items().size() == 2;
        if (pair && (a.open() != b.open() || a.close() != b.close())) {
            return Verdict.different("other brackets");
        }
        return sequences(a.items(), b.items());
    }

    private static Verdict sequences(List<Expr> a, List<Expr> b) {
        if (a.size() != b.size()) {
            return Verdict.different("%d items against %d".formatted(a.size(), b.size()));
        }
        if (a.size() > Lexer.MAX_TOKENS) {
            return Verdict.unknown("too many items");
        }
        List<Verdict> parts = new ArrayList<>();
        for (int i = 0; i < a.size(); i++) {
            parts.add(of(a.get(i), b.get(i)));
        }
        return Verdict.all(parts, "equal item by item");
    }

    private static Verdict matrices(Expr.Matrix a, Expr.Matrix b) {
        if (a.rows().size() != b.rows().size()) {
            return Verdict.different("other number of rows");
        }
        List<Verdict> parts = new ArrayList<>();
        for (int i = 0; i < a.rows().size(); i++) {
            parts.add(sequences(a.rows().get(i), b.rows().get(i)));
        }
        return Verdict.all(parts, "equal entry by entry");
    }

    private static Verdict setOperations(Expr.SetOperation a, Expr.SetOperation b) {
        if (!a.operator().equals(b.operator())) {
            return Verdict.unknown("other set operations");
        }
        if (a.operator().equals("setminus")) {
            return sequences(a.operands(), b.operands());
        }
        Verdict verdict = both(included(a.operands(), b.operands()), included(b.operands(), a.operands()));
        return verdict.kind() == Verdict.Kind.DIFFERENT
                        && a.operands().size() != b.operands().size()
                ? Verdict.unknown("unions of different parts")
                : verdict;
    }
}
