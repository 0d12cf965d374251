package cogent.answer;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers in words: three hundred and fifty, two and a half, five eighths, two dozen, thirteen (13). */
final class NumberWords {
    private static final List<String> UNITS = List.of(
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen");
    private static final List<String> TENS =
            List.of("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety");

    /** The n-th is a part of n + 2. */
    private static final List<String> PARTS = List.of(
            "half",
            "third",
            "quarter",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
            "thirteenth",
            "fourteenth",
            "fifteenth",
            "sixteenth",
            "seventeenth",
            "eighteenth",
            "nineteenth",
            "twentieth");

    private static final String BELOW_HUNDRED = "(?:(?:" + String.join("|", TENS) + ")(?: (?:"
            + String.join("|", UNITS.subList(1, 10)) + "))?|" + String.join("|", UNITS.subList(1, 20)) + ")";
    private static final String BELOW_THOUSAND =
            "(?:(?:(?:a|" + BELOW_HUNDRED + ") )?hundred(?: (?:and )?" + BELOW_HUNDRED + ")?|" + BELOW_HUNDRED + ")";
    private static final Pattern WHOLE = Pattern.compile("(?:(?:(" + BELOW_THOUSAND
            + "|a) million\\b ?)?(?:(?:and )?(" + BELOW_THOUSAND + "|a) thousand\\b ?)?(?:(?:and )?(" + BELOW_THOUSAND
            + ")\\b)?|zero)");
    private static final Pattern FRACTION = Pattern.compile(
            "(?:(" + BELOW_HUNDRED + "|an?) )?(" + String.join("|", PARTS) + "|fourth|halve|hundredth|thousandth)s?");
    private static final Pattern MIXED =
            Pattern.compile("(.+?) and ((?:an?|" + String.join("|", UNITS.subList(1, 20)) + ") \\w+)");
    private static final Pattern DECIMAL =
            Pattern.compile("(.+?) point ((?:" + String.join("|", UNITS.subList(0, 10)) + ")(?: \\w+)*)");
    private static final Pattern DOZEN =
            Pattern.compile("(?:(?!half)(.+?) (half an? )?|(half an? ))(dozens?|scores?)(?: and (.+))?");
    private static final Pattern TIMES_OVER = Pattern.compile("(.+) times");
    private static final Map<String, String> NAMED =
            Map.of("once", "1", "twice", "2", "thrice", "3", "a couple", "2", "a pair", "2");

    /** As answers they are numbers; before other words they multiply. */
    private static final Set<String> TIMES = Set.of("once", "twice", "thrice");

    private static final Pattern COUNT_OF = Pattern.compile(
            "((?:.+ )?(?:couple|pair|dozen|score)s?) of (?!.*(?:dozen|score|hundred|thousand))[a-z ]{2,30}");
    private static final Pattern RATE =
            Pattern.compile("(once|twice|thrice|[a-z -]{3,30} times) (?:an?|per|every|each) [a-z]{3,12}");

    /** Beside the same value reckoned out: forty-two (6 × 7). */
    private static final Pattern BESIDE = Pattern.compile("([a-zA-Z][a-zA-Z -]{2,60}?) ?(\\(.*\\)|=.*)");

    /** A part of a whole, which is named behind it: two thirds of the cake. */
    private static final Pattern PART_OF =
            Pattern.compile("(.+) of (?:the|an?|it|them|all|his|her|their|its) ?[a-z ]{0,30}");

    /** The same number as a reckoning in words: forty-two, six times seven. */
    private static final Pattern RECKONED = Pattern.compile(
            "(.{1,40}?)(?:,? (?:or|that is|which is|i\\.e\\.),? | ?[,(] ?)(?:[a-z-]+ ){1,5}(?:times|plus|minus|divided by|multiplied by|less|and) [a-z -]{1,40}\\)?");

    /** Several: one, two and three. */
    private static final Pattern AMONG = Pattern.compile(",? (?:and|or) |, ");

    private static final Pattern SIGN = Pattern.compile("(?:minus|negative) (.+)");
    /** Between the groups of one number; elsewhere a comma parts two. */
    private static final Pattern GROUPED = Pattern.compile("(?<=hundred|thousand|million),");

    private static final Pattern SIGNED = Pattern.compile("(?i)(?:minus|negative) (\\$?[\\d.].*)");
    private static final Pattern PERCENT = Pattern.compile("(.+) (?:percent|per cent)");

    /** The same number twice: {@code thirteen (13) apples}. */
    private static final Pattern TWICE = Pattern.compile(
            "([^()]{1,60}?) ?\\(([^()]{1,60})\\)((?: (?!dozen|score|hundred|thousand|[mb]illion|times|percent)[a-zA-Z]{2,20}){0,2})");

    private static final String WORD =
            "(?:" + String.join("|", UNITS) + "|" + String.join("|", TENS) + "|hundred|thousand|million)";
    private static final Pattern RUN = Pattern.compile("(?i)\\b" + WORD + "(?:[ -](?:and )?" + WORD + ")*\\b(?!-)");

    /** A number and what is counted, which is no part of a number itself: not one third, five million or two times. */
    private static final Pattern COUNTED =
            Pattern.compile("(?i)(.*\\w)( (?!half|halves|quarter|third|fourth|fif|six|seven|eight|nin|ten|eleven|twe"
                    + "|thir|hundred|thousand|million|billion|trillion|dozen|score|times|squared|cubed|percent|per\\b|more|less|plus|minus|point"
                    + "|over|or\\b|and\\b|to\\b|of\\b|one|two|three|four|zero|twenty|forty|eighty)[a-z]{3,})");

    private NumberWords() {}

    /** The numeral of a number in words, up to 999 million, or of a fraction, and its unit if it has one; other texts as they are. */
    static String numeral(String text) {
        if (text.length() > 80 || text.length() < 3) {
            return text;
        }
        Matcher twice = TWICE.matcher(text);
        if (twice.matches()) {
            String value = bare(twice.group(1)).orElse(twice.group(1)).strip();
            String again = bare(twice.group(2)).orElse(twice.group(2)).strip();
            boolean words = !value.equals(twice.group(1)) || !again.equals(twice.group(2));
            if (words && value.replace(",", "").equals(again.replace(",", ""))) {
                return value + twice.group(3);
            }
        }
        if (!Character.isLetter(text.charAt(0))) {
            return text;
        }
        Matcher signed = SIGNED.matcher(text);
        if (signed.matches()) {
            return "-" + signed.group(1);
        }
        return bare(text).or(() -> counted(text)).or(() -> list(text)).orElse(text);
    }

    private static Optional<String> counted(String text) {
        Matcher reckoned = RECKONED.matcher(text);
        if (reckoned.matches() && bare(reckoned.group(1)).isPresent()) {
            return bare(reckoned.group(1));
        }
        for (Pattern counting : List.of(COUNT_OF, RATE)) {
            Matcher count = counting.matcher(text.toLowerCase(Locale.ROOT));
            if (count.matches()) {
                return bare(count.group(1));
            }
        }
        Matcher beside = BESIDE.matcher(text);
        if (beside.matches()) {
            return bare(beside.group(1)).map(value -> value + " " + beside.group(2));
        }
        Matcher part = PART_OF.matcher(text);
        if (part.matches()) {
            return bare(part.group(1))
                    .filter(value -> value.contains("/") || (NAMED.containsValue(value) && text.startsWith("a ")));
        }
        Matcher counted = COUNTED.matcher(text);
        return counted.matches() ? bare(counted.group(1)).map(value -> value + counted.group(2)) : Optional.empty();
    }

    private static Optional<String> list(String text) {
        List<Optional<String>> items =
                AMONG.splitAsStream(text).map(NumberWords::bare).toList();
        return items.size() > 1 && items.stream().allMatch(Optional::isPresent)
                ? Optional.of(String.join(
                        ", ", items.stream().flatMap(Optional::stream).toList()))
                : Optional.empty();
    }

    /** A sentence with one number, and that in words, with its numeral; other texts as they are. */
    static String inDigits(String text) {
        if (text.length() > 100 || text.chars().anyMatch(Character::isDigit)) {
            return text;
        }
        List<MatchResult> runs = RUN.matcher(text).results().limit(2).toList();
        if (runs.size() != 1) {
            return text;
        }
        MatchResult run = runs.getFirst();
        return bare(run.group())
                .map(value -> text.substring(0, run.start()) + value + text.substring(run.end()))
                .orElse(text);
    }

    static boolean isNumeral(String text) {
        return !numeral(text).equals(text) && !TIMES.contains(text.toLowerCase(Locale.ROOT));
    }

    private static Optional<String> bare(String text) {
        String words = GROUPED.matcher(text.toLowerCase(Locale.ROOT))
                .replaceAll(" ")
                .replaceAll("[\\s-]+", " ")
                .strip();
        Matcher sign = SIGN.matcher(words);
        if (sign.matches()) {
            return unsigned(sign.group(1)).map(value -> "-" + value);
        }
        return unsigned(words);
    }

    private static Optional<String> unsigned(String words) {
        if (NAMED.containsKey(words)) {
            return Optional.of(NAMED.get(words));
        }
        Matcher percent = PERCENT.matcher(words);
        if (percent.matches()) {
            return unsigned(percent.group(1)).map(value -> value + "%");
        }
        Matcher dozen = DOZEN.matcher(words);
        if (dozen.matches()) {
            int size = dozen.group(4).startsWith("dozen") ? 12 : 20;
            Optional<Long> more = dozen.group(5) == null ? Optional.of(0L) : whole(dozen.group(5));
            return dozens(dozen.group(1), dozen.group(2) != null || dozen.group(3) != null, size)
                    .flatMap(value -> more.map(rest -> String.valueOf(value + rest)));
        }
        Matcher times = TIMES_OVER.matcher(words);
        if (times.matches()) {
            return whole(times.group(1)).map(String::valueOf);
        }
        Matcher fraction = FRACTION.matcher(words);
        if (fraction.matches() && (fraction.group(1) != null || words.equals("half"))) {
            return Optional.of(
                    below(fraction.group(1) == null ? "a" : fraction.group(1)) + "/" + part(fraction.group(2)));
        }
        Matcher mixed = MIXED.matcher(words);
        Matcher over = FRACTION.matcher(mixed.matches() ? mixed.group(2) : "");
        if (over.matches()) {
            return whole(mixed.group(1)).map(value -> value + " " + below(over.group(1)) + "/" + part(over.group(2)));
        }
        Matcher decimal = DECIMAL.matcher(words);
        if (decimal.matches()) {
            return decimal(decimal.group(1), decimal.group(2));
        }
        return whole(words).map(String::valueOf);
    }

    private static Optional<Long> dozens(@Nullable String count, boolean half, int size) {
        if (count == null || count.equals("a")) {
            return Optional.of((long) (half ? size / 2 : size));
        }
        return half ? Optional.empty() : whole(count).map(value -> size * value);
    }

    private static Optional<String> decimal(String whole, String digits) {
        var decimals = new StringBuilder();
        for (String digit : digits.split(" ", -1)) {
            int value = UNITS.indexOf(digit);
            if (value < 0 || value > 9) {
                return Optional.empty();
            }
            decimals.append(value);
        }
        return whole(whole).map(value -> value + "." + decimals);
    }

    private static Optional<Long> whole(String words) {
        Matcher number = WHOLE.matcher(words);
        return number.matches() && !words.isBlank()
                ? Optional.of(
                        1_000_000L * below(number.group(1)) + 1000L * below(number.group(2)) + below(number.group(3)))
                : Optional.empty();
    }

    private static int part(String name) {
        return switch (name) {
            case "fourth" -> 4;
            case "halve" -> 2;
            case "hundredth" -> 100;
            case "thousandth" -> 1000;
            default -> PARTS.indexOf(name) + 2;
        };
    }

    private static int below(@Nullable String words) {
        return words == null ? 0 : belowThousand(words);
    }

    private static int belowThousand(String words) {
        int hundred = words.indexOf("hundred");
        String hundreds = words.substring(0, Math.max(0, hundred)).strip();
        int value = hundred < 0 ? 0 : 100 * Math.max(1, belowHundred(hundreds));
        return value + belowHundred(words.substring(Math.max(0, hundred)));
    }

    private static int belowHundred(String words) {
        int value = 0;
        for (String word : words.split(" ", -1)) {
            value += word.equals("a") || word.equals("an") ? 1 : Math.max(0, UNITS.indexOf(word));
            value += TENS.contains(word) ? 20 + 10 * TENS.indexOf(word) : 0;
        }
        return value;
    }
}
