package cogent.answer.math;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Units and other words behind a number. */
public final class Units {
    private static final Set<String> SHORT = Set.of(
            "N", "J", "V", "W", "K", "C", "F", "Hz", "Pa", "eV", "cm", "mm", "km", "kg", "mg", "ml", "mL", "ft", "in",
            "lb", "oz", "hr", "hrs", "min", "mph", "m", "g", "s", "h", "L", "A", "kJ", "kW", "nm", "MeV", "keV", "pct",
            "deg", "rad", "mol", "AU", "pc", "yr", "USD", "EUR", "GBP", "sq", "cu");

    /** Letters that are as likely a variable as a unit. */
    private static final Set<String> AMBIGUOUS = Set.of("m", "g", "s", "h", "in", "A", "C", "F", "K", "L", "V", "W");

    private static final Map<String, String> SAME = Map.ofEntries(
            Map.entry("centimeter", "cm"),
            Map.entry("centimetre", "cm"),
            Map.entry("meter", "m"),
            Map.entry("metre", "m"),
            Map.entry("kilometer", "km"),
            Map.entry("kilometre", "km"),
            Map.entry("millimeter", "mm"),
            Map.entry("kilogram", "kg"),
            Map.entry("gram", "g"),
            Map.entry("inche", "in"),
            Map.entry("inch", "in"),
            Map.entry("feet", "ft"),
            Map.entry("foot", "ft"),
            Map.entry("hour", "h"),
            Map.entry("hr", "h"),
            Map.entry("minute", "min"),
            Map.entry("second", "s"),
            Map.entry("sec", "s"),
            Map.entry("liter", "l"),
            Map.entry("litre", "l"),
            Map.entry("degree", "deg"),
            Map.entry("newton", "n"));

    private static final Pattern MATHEMATICAL = Pattern.compile("\\b(?:and|or|sqrt|pi|sin|cos|tan|ln|log|if)\\b");

    /** A value that ends in a digit or bracket, then words, perhaps raised to a power. */
    private static final Pattern VALUE_AND_WORDS = Pattern.compile(
            "(.*[\\d)}\\]])( ?)([a-zA-Z]+(?:(?:\\.? |[/.\\-])[a-zA-Z]+){0,5})\\.?((?:\\^\\{?-?[123]\\}?)? ?)",
            Pattern.DOTALL);

    /** A number and words of another script: 5 яблок, 5個. */
    private static final Pattern OTHER_SCRIPT = Pattern.compile(
            "([-+]?\\d[\\d.,]*) ?((?=.{0,40}[\\p{L}&&[^\\p{IsLatin}\\p{IsGreek}]])[\\p{L}&&[^\\p{IsGreek}]][\\p{L}\\p{M} .-]{0,40})");

    private static final Pattern PER_CENT = Pattern.compile("(?i) ?(?:\\bpct|percent(?:age)?(?: points?)?|per cent)$");

    /** Units of one quantity in terms of its first, by their normal names. */
    private static final List<Map<String, Rational>> QUANTITIES = List.of(
            scale("mm 1 cm 10 dm 100 m 1000 km 1000000"),
            scale("in 1 ft 12 yard 36 yd 36 mile 63360"),
            scale("mg 1 g 1000 kg 1000000"),
            scale("oz 1 ounce 1 lb 16 pound 16"),
            scale("s 1 min 60 h 3600 day 86400 week 604800"),
            scale("ml 1 l 1000"),
            scale("cent 1 dollar 100"),
            scale("mm2 1 cm2 100 m2 1000000"),
            scale("mm3 1 cm3 1000 m3 1000000000"));

    /** Square metres, sq. cm, cm squared. */
    private static final Pattern POWER = Pattern.compile("(square|sq|cubic|cu) (.+)|(.+) (squared|sq|cubed)");

    private Units() {}

    private static Map<String, Rational> scale(String written) {
        String[] parts = written.split(" ", -1);
        Map<String, Rational> scale = new HashMap<>();
        for (int i = 0; i < parts.length; i += 2) {
            scale.put(parts[i], Rational.of(Long.parseLong(parts[i + 1])));
        }
        return scale;
    }

    /** How many of the other unit one of this is; null when they do not measure the same, or are not known here. */
    public static @Nullable Rational ratio(String unit, String other) {
        for (Map<String, Rational> quantity : QUANTITIES) {
            Rational size = quantity.get(unit);
            Rational otherSize = quantity.get(other);
            if (size != null && otherSize != null) {
                return size.over(otherSize);
            }
        }
        return null;
    }

    /** Sets plain words behind a value apart from it, so that they are not read as variables. */
    public static String marked(String clean) {
        Matcher percent = PER_CENT.matcher(clean);
        if (percent.find()) {
            return clean.substring(0, percent.start()) + "%";
        }
        if (clean.length() > 200) {
            return clean;
        }
        Matcher foreign = OTHER_SCRIPT.matcher(clean);
        if (foreign.matches()) {
            return foreign.group(1) + " \\text{" + foreign.group(2) + "}";
        }
        Matcher match = VALUE_AND_WORDS.matcher(clean);
        if (!match.matches()
                || !isUnit(
                        match.group(3),
                        !match.group(2).isEmpty() || match.group(1).contains("."))) {
            return clean;
        }
        return match.group(1) + " \\text{" + match.group(3) + "}" + match.group(4);
    }

    /** Whether this is a number with words of another script behind it. */
    public static boolean isOfOtherScript(String answer) {
        return answer.length() < 200 && OTHER_SCRIPT.matcher(answer).matches();
    }

    /** Whether both are numbers with words of another script, and the words differ: nobody here knows which of them measure the same. */
    public static boolean mayDiffer(String clean, String other) {
        Matcher words = OTHER_SCRIPT.matcher(clean);
        Matcher otherWords = OTHER_SCRIPT.matcher(other);
        return clean.length() + other.length() < 400
                && words.matches()
                && otherWords.matches()
                && !words.group(2).strip().equals(otherWords.group(2).strip());
    }

    private static boolean isUnit(String words, boolean apart) {
        if (words.indexOf(' ') < 0 && words.indexOf('/') < 0) {
            return SHORT.contains(words)
                    ? !AMBIGUOUS.contains(words) || (apart && !words.equals("in") && words.length() > 1)
                    : words.length() > 3 && apart;
        }
        if (MATHEMATICAL.matcher(words).find()) {
            return false;
        }
        String[] parts = words.split("[ /.\\-]+", -1);
        return Arrays.stream(parts).anyMatch(part -> part.length() > 2)
                || (Arrays.stream(parts).allMatch(SHORT::contains)
                        && (words.indexOf('/') > 0
                                || Arrays.stream(parts).anyMatch(part -> !AMBIGUOUS.contains(part)))); // m g h is none
    }

    /** Whether a single upright letter behind a value is a unit. */
    static boolean isLetter(String letter) {
        return SHORT.contains(letter);
    }

    /** A unit in one spelling: no plural, no long form. */
    public static String normal(String unit) {
        String plain =
                unit.toLowerCase(Locale.ROOT).replaceAll("[\\s.{}]+", " ").strip();
        String power = "";
        Matcher raised = Pattern.compile("(.*?)\\^?([23])").matcher(plain);
        if (raised.matches()) {
            plain = raised.group(1).strip();
            power = raised.group(2);
        }
        Matcher named = POWER.matcher(plain);
        if (named.matches()) {
            plain = named.group(1) == null ? named.group(3) : named.group(2);
            String name = named.group(1) == null ? named.group(4) : named.group(1);
            power = name.startsWith("s") ? "2" : "3";
        }
        String singular = plain.length() > 2 && plain.endsWith("s") ? plain.substring(0, plain.length() - 1) : plain;
        return SAME.getOrDefault(singular, singular) + power;
    }
}
