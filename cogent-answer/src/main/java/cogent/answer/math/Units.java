package cogent.answer.math;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Units and other words behind a number. */
public final class Units {
    private static final Set<String> SHORT = Set.of(
            "N", "J", "V", "W", "K", "C", "F", "Hz", "Pa", "eV", "cm", "mm", "km", "kg", "mg", "ml", "mL", "ft", "in",
            "lb", "oz", "hr", "hrs", "min", "mph", "m", "g", "s", "h", "L", "A", "kJ", "kW", "nm", "MeV", "keV", "pct",
            "deg", "rad", "mol", "M", "T", "H", "Å", "AU", "pc", "yr", "USD", "EUR", "GBP", "sq", "cu");

    /** Letters that are as likely a variable as a unit. */
    private static final Set<String> AMBIGUOUS =
            Set.of("m", "g", "s", "h", "in", "A", "C", "F", "K", "L", "V", "W", "M", "T", "H");

    /** A word behind its number without a space, and no product of letters: 3apples. */
    private static final Pattern GLUED = Pattern.compile(
            "(?!.*(?:sin|cos|tan|log|ln|sqrt|exp|pi|theta|alpha|beta|gamma|omega|lambda|mu|phi))(?=.*[aeiou])[a-z]{5,15}");

    private static final Pattern MATHEMATICAL = Pattern.compile(
            "\\b(?:and|or|sqrt|pi|sin|cos|tan|ln|log|if|below|(?<!left )over(?! all)|times as|wrong|incorrect|factorial|fails?|too|does|rejected|excluded|invalid|impossible)\\b");

    /** A value that ends in a digit or bracket, then words, perhaps raised to a power. */
    private static final Pattern VALUE_AND_WORDS = Pattern.compile(
            "(.*[\\d)}\\]])( ?)(\\p{IsLatin}+(?:(?:\\.? |[/.\\-])\\p{IsLatin}+){0,5})\\.?((?:\\^\\{?-?[123]\\}?)? ?)",
            Pattern.DOTALL);

    /** A number and words of another script: 5 яблок, 5個. */
    private static final Pattern OTHER_SCRIPT = Pattern.compile(
            "([-+]?\\d[\\d.,]*) ?((?=.{0,40}[\\p{L}&&[^\\p{IsLatin}\\p{IsGreek}]])[\\p{L}&&[^\\p{IsGreek}]][\\p{L}\\p{M} .-]{0,40})");

    /** Where a value may end and its unit begin. */
    private static final Pattern BORDER = Pattern.compile(
            "(?<=[\\d)}\\]]|\\\\pi|[\\d ]pi) ?(?=\\p{L}|\\\\(?:text|mathrm|textrm|rm|mbox|Omega|mu)(?![a-zA-Z])|\\^ ?\\{? ?\\\\circ|\"\\z)");

    private static final Pattern UPRIGHT =
            Pattern.compile("\\\\(?:text|mathrm|textrm|rm|mbox)(?:\\{([^{}]*)\\}|(?![a-zA-Z]))");

    private static final Pattern CELSIUS = Pattern.compile(
            "(?:\\^ ?\\{? ?\\\\circ ?\\}?|\\b(?:degrees?|deg)\\b) *(?:([CF])\\b|(?i:(c)elsius|(f)ahrenheit|(c)entigrade))");

    /** Words of plain text that no value holds: with one before it, the last unit of 6 ft 2 in is not that of all. */
    private static final Pattern WORDS =
            Pattern.compile("(?<![\\\\a-zA-Z])(?!(?:sqrt|pi|sin|cos|tan|ln|log|exp)\\b)[a-zA-Z]{2,}");

    /** Single letters that are a unit all the same: 36 m^2, 10 m s^-1, 3 in. */
    private static final Pattern SURELY =
            Pattern.compile("(?:m|in)\\.? ?(?:\\^ ?\\{? ?)?[23] ?\\}?|.*\\^ ?\\{? ?-.*|in|L");

    private static final Pattern NUMBER =
            Pattern.compile("-?\\d[\\d,]*(?:\\.\\d+)? (?:(?:[x×*·]|\\\\times|\\\\cdot) ?10\\^\\{?-?\\d{1,3}\\}? )?");
    private static final Pattern STERLING = Pattern.compile("(?i)\\bpounds? sterling\\b");

    private static final Map<String, String> MONEY = Map.ofEntries(
            Map.entry("$", "dollar"),
            Map.entry("€", "euro"),
            Map.entry("£", "sterling"),
            Map.entry("¥", "yen"),
            Map.entry("₹", "rupee"),
            Map.entry("₽", "rouble"),
            Map.entry("₩", "won"));

    /** A sum of money and nothing else. */
    private static final Pattern SUM = Pattern.compile(
            "(-?)(?:US ?)?\\\\?([$€£¥₹₽₩]) ?(-?\\d[\\d,]*(?:\\.\\d+)?)\\.?|(-?\\d[\\d,]*(?:\\.\\d+)?) ?\\\\?([$€£¥₹₽₩])\\.?");

    private static final Pattern PER_CENT = Pattern.compile("(?i) ?(?:\\bpct|percent(?:age)?(?: points?)?|per cent)$");

    public static final Unit RADIAN = Unit.base("rad");

    private Units() {}

    /** A sum of money with its sign in words, at the end; other texts as they are. */
    static String money(String text) {
        Matcher sum = SUM.matcher(text);
        if (text.length() > 60 || !sum.matches()) {
            return text;
        }
        boolean before = sum.group(2) != null;
        String value = before ? sum.group(1) + sum.group(3) : sum.group(4);
        return value + " \\text{" + MONEY.get(before ? sum.group(2) : sum.group(5)) + "}";
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
        Optional<String> measure = measure(clean);
        if (measure.isPresent()) {
            return measure.get();
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

    /** A value with a unit that is known behind it, in any of its spellings. */
    private static Optional<String> measure(String clean) {
        Matcher border = BORDER.matcher(clean);
        while (border.find()) {
            String value = clean.substring(0, border.start());
            String tail = clean.substring(border.end());
            String unit = plain(tail);
            if (tail.chars().filter(c -> c == '{').count()
                            == tail.chars().filter(c -> c == '}').count()
                    && !WORDS.matcher(value).find()
                    && known(unit).isPresent()
                    && isCertain(unit, !border.group().isEmpty(), tail.indexOf('\\') >= 0 || tail.indexOf('"') >= 0)) {
                return Optional.of(value + " \\text{" + unit + "}");
            }
        }
        return Optional.empty();
    }

    private static String plain(String tail) {
        String upright = UPRIGHT.matcher(tail)
                .replaceAll(" $1 ")
                .replace("\\Omega", " ohm")
                .replace("\\mu ", "u")
                .replaceAll("\\\\(?:cdot|times)(?![a-zA-Z])", "·");
        String signs = upright.replace("Ω", "ohm").replaceAll("[µμ]", "u").replaceAll("\"\\z", "in");
        return CELSIUS.matcher(signs.replaceAll("\\bms(?=\\^ ?\\{? ?-)", "m s"))
                .replaceAll(m -> " deg"
                        + m.group()
                                .replaceAll("(?i).*(?:celsius|centigrade|C)\\z", "C")
                                .replaceAll("(?i).*f.*", "F"))
                .replaceAll("[{} ]+", " ")
                .strip();
    }

    /** Whether these are units rather than variables. */
    private static boolean isCertain(String unit, boolean apart, boolean upright) {
        List<String> words = Arrays.stream(unit.split("[^\\p{L}]+", -1))
                .filter(word -> !word.isEmpty())
                .toList();
        if (words.stream().allMatch(word -> word.length() == 1 || word.equals("in"))) {
            return upright
                    || unit.matches("m[23]")
                    || (words.size() > 1 && unit.indexOf('/') > 0)
                    || (apart && SURELY.matcher(unit).matches());
        }
        return apart
                || upright
                || words.stream()
                        .allMatch(word -> SHORT.contains(word)
                                || word.startsWith("deg")
                                || (word.length() > 2 && UnitNames.find(word).isPresent()));
    }

    /** Whether this is a number with words of another script behind it. */
    public static boolean isOfOtherScript(String answer) {
        return answer.length() < 200 && OTHER_SCRIPT.matcher(answer).matches();
    }

    /** Whether this is a number with a unit that is known here, in words or short. */
    public static boolean isMeasure(String answer) {
        Matcher number = NUMBER.matcher(answer);
        return answer.length() < 100
                && number.lookingAt()
                && known(plain(answer.substring(number.end()))).isPresent();
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
        if (MATHEMATICAL.matcher(words).find()) {
            return false;
        }
        if (words.indexOf(' ') < 0 && words.indexOf('/') < 0) {
            return SHORT.contains(words)
                    ? !AMBIGUOUS.contains(words) || (apart && !words.equals("in") && words.length() > 1)
                    : words.length() > 3 && (apart || GLUED.matcher(words).matches());
        }
        String[] parts = words.split("[ /.\\-]+", -1);
        return Arrays.stream(parts).anyMatch(part -> part.length() > 2)
                || (Arrays.stream(parts).allMatch(SHORT::contains)
                        && (words.indexOf('/') > 0
                                || Arrays.stream(parts).anyMatch(part -> !AMBIGUOUS.contains(part)))); // m g h is none
    }

    /** Whether a single letter behind a value may be a unit. */
    public static boolean isLetter(String letter) {
        return SHORT.contains(letter);
    }

    /** What a unit measures, and how large it is; words that name none are units of their own. */
    public static Unit read(String unit) {
        String plain = unit.replaceAll("[\\s{}]+", " ").strip();
        return known(plain)
                .or(() -> UnitReader.read(plain, word -> UnitNames.find(word).or(() -> Optional.of(own(word)))))
                .orElseGet(() -> own(plain));
    }

    private static Optional<Unit> known(String unit) {
        return UnitReader.read(STERLING.matcher(unit).replaceAll("sterling"), UnitNames::find);
    }

    private static Unit own(String word) {
        return Unit.base(UnitNames.singular(word.toLowerCase(Locale.ROOT)));
    }
}
