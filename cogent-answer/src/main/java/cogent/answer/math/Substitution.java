package cogent.answer.math;

import java.util.List;

/** Puts a value in a variable's place. */
record Substitution(String variable, Expr value) {
    Expr in(Expr expression) {
        return switch (expression) {
            case Expr.Sym(String name) -> name.equals(variable) ? value : expression;
            case Expr.Sum(var terms) -> new Expr.Sum(all(terms));
            case Expr.Product(var factors) -> new Expr.Product(all(factors));
            case Expr.Quotient(Expr over, Expr under) -> new Expr.Quotient(in(over), in(under));
            case Expr.Power(Expr base, Expr exponent) -> new Expr.Power(in(base), in(exponent));
            case Expr.Call(String function, var arguments) -> new Expr.Call(function, all(arguments));
            case Expr.Measure(Expr measured, String unit) -> new Expr.Measure(in(measured), unit);
            case Expr.Tuple(char open, char close, var items) -> new Expr.Tuple(open, close, all(items));
            case Expr.Collection(boolean set, var items) -> new Expr.Collection(set, all(items));
            case Expr.SetOperation(String operator, var operands) -> new Expr.SetOperation(operator, all(operands));
            case Expr.Matrix(var rows) ->
                new Expr.Matrix(rows.stream().map(this::all).toList());
            case Expr.Relation(var operators, var sides) -> new Expr.Relation(operators, all(sides));
            case Expr.Num _, Expr.Words _ -> expression;
        };
    }

    private List<Expr> all(List<Expr> expressions) {
        return expressions.stream().map(this::in).toList();
    }
}
