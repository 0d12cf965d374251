package cogent.answer.math;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a written unit: km/h, kilometers per hour, sq. ft, m^{2}, meters per second squared, kg m s^-1, cm3. */
final class UnitReader {
    private static final int MOST_WORDS = 12;

    /** A word with a power glued to it or not, a power, or a sign between factors. */
    private static final Pattern PART = Pattern.compile("(?<word>[\\p{L}']+)\\.?(?<digit>[23](?![\\d.]))?"
            + "|\\^ ?\\{? ?(?<power>-? ?\\d)(?!\\d) ?\\}?"
            + "|(?<sign>[/()*·⋅-]|\\\\cdot(?![a-zA-Z])|\\\\times(?![a-zA-Z]))|(?<end>\\s+)");

    private final Function<String, Optional<Unit>> names;
    private Unit product = Unit.NONE;
    private Unit last = Unit.NONE;
    private int lastPower;
    /** What the next unit is raised to: -1 behind a slash, 2 behind "square", -1 in the brackets behind a slash. */
    private int next = 1;

    private int inBrackets = 1;

    private UnitReader(Function<String, Optional<Unit>> names) {
        this.names = names;
    }

    /** @param names the unit of a single word; empty where it is none */
    static Optional<Unit> read(String written, Function<String, Optional<Unit>> names) {
        var reader = new UnitReader(names);
        Matcher part = PART.matcher(written.startsWith("1/") ? written.substring(1) : written);
        int at = 0;
        for (int words = 0; at < part.regionEnd(); at = part.end()) {
            part.region(at, part.regionEnd());
            if (!part.lookingAt() || words > MOST_WORDS || !reader.takes(part)) {
                return Optional.empty();
            }
            words += part.group("word") == null ? 0 : 1;
        }
        boolean whole = reader.lastPower != 0 && reader.next == 1 && reader.inBrackets == 1;
        return whole ? Optional.of(reader.product) : Optional.empty();
    }

    private boolean takes(Matcher part) {
        String word = part.group("word");
        if (word != null) {
            return word(word) && (part.group("digit") == null || raised(Integer.parseInt(part.group("digit"))));
        }
        if (part.group("power") != null) {
            return raised(Integer.parseInt(part.group("power").replace(" ", "")));
        }
        return part.group("sign") == null || sign(part.group("sign"));
    }

    private boolean sign(String sign) {
        switch (sign) {
            case "/" -> next = -next;
            case "(" -> {
                inBrackets = next;
                next = 1;
            }
            case ")" -> inBrackets = 1;
            default -> {} // factors side by side
        }
        return true;
    }

    private boolean word(String word) {
        switch (word.length() == 1 ? word : word.toLowerCase(Locale.ROOT)) {
            case "per", "an", "a" -> next = -next;
            case "square", "sq" -> next *= 2;
            case "cubic", "cu" -> next *= 3;
            case "squared" -> {
                return raised(2);
            }
            case "cubed" -> {
                return raised(3);
            }
            default -> {
                return unit(word);
            }
        }
        return true;
    }

    private boolean unit(String word) {
        Optional<Unit> found = names.apply(word);
        if (found.isEmpty() && word.startsWith("sq") && word.length() < 5) { // sqft
            next *= 2;
            found = names.apply(word.substring(2));
        }
        if (found.isEmpty()) {
            return false;
        }
        last = found.get();
        lastPower = next * inBrackets;
        product = product.times(last, lastPower);
        next = 1;
        return true;
    }

    private boolean raised(int power) {
        if (lastPower == 0 || next != 1) {
            return false;
        }
        product = product.times(last, lastPower * (power - 1));
        lastPower *= power;
        return Math.abs(lastPower) <= MOST_WORDS; // m^9^9^9
    }
}
