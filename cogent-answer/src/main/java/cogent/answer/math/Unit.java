package cogent.answer.math;

import java.util.HashMap;
import java.util.Map;

/**
 * A unit as a product of powers of base units, times a number: km/h is 5/18 of m¹ s⁻¹. A word that names no unit known here is a
 * base of its own.
 *
 * @param powers exponents by base, none of them 0
 * @param size how many of that product one of this unit is
 */
public record Unit(Map<String, Integer> powers, Rational size) {
    private static final Map<String, String> KINDS =
            Map.of("lb", "pound", "sterling", "pound", "degC", "deg", "degF", "deg");

    static final Unit NONE = new Unit(Map.of(), Rational.ONE);

    public Unit {
        powers = Map.copyOf(powers);
    }

    static Unit base(String name) {
        return new Unit(Map.of(name, 1), Rational.ONE);
    }

    Unit sized(Rational factor) {
        return new Unit(powers, size.times(factor));
    }

    Unit times(Unit other, int exponent) {
        Map<String, Integer> product = new HashMap<>(powers);
        other.powers.forEach((base, power) -> product.merge(base, power * exponent, Integer::sum));
        product.values().removeIf(power -> power == 0);
        return new Unit(product, size.times(other.size.power(exponent)));
    }

    /** Whether both measure the same, so that their sizes may be compared; a pound and a degree may be of several kinds. */
    public boolean measuresLike(Unit other) {
        return powers.equals(other.powers)
                || KINDS.entrySet().stream()
                        .anyMatch(kind ->
                                of(kind.getValue(), kind.getKey()).equals(other.of(kind.getValue(), kind.getKey())));
    }

    private Map<String, Integer> of(String name, String kind) {
        Map<String, Integer> named = new HashMap<>();
        powers.forEach((base, power) -> named.merge(base.equals(name) ? kind : base, power, Integer::sum));
        return named;
    }
}
