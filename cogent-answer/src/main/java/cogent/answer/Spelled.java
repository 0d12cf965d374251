package cogent.answer;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Answers in words: numbers, dates, times of the day. */
final class Spelled {
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
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

    /** A number and what is counted, which is no part of a number itself: not one third, five million or two times. */
    private static final Pattern COUNTED =
            Pattern.compile("(?i)(.*\\w)( (?!half|halves|quarter|third|fourth|fif|six|seven|eight|nin|ten|eleven|twe"
                    + "|thir|hundred|thousand|million|billion|trillion|dozen|score|times|squared|cubed|percent|per\\b|more|less|plus|minus|point"
                    + "|over|or\\b|and\\b|to\\b|of\\b|one|two|three|four|zero|twenty|forty|eighty)[a-z]{3,})");

    private static final String BELOW_HUNDRED = "(?:(?:" + String.join("|", TENS) + ")(?: (?:"
            + String.join("|", UNITS.subList(1, 10)) + "))?|" + String.join("|", UNITS.subList(1, 20)) + ")";
    private static final String BELOW_THOUSAND = "(?:(?:(?:a|" + String.join("|", UNITS.subList(1, 20))
            + ") )?hundred(?: (?:and )?" + BELOW_HUNDRED + ")?|" + BELOW_HUNDRED + ")";
    private static final Pattern NUMBER = Pattern.compile("(minus |negative )?(?:(?:(" + BELOW_THOUSAND
            + "|a) million\\b ?)?(?:(?:and )?(" + BELOW_THOUSAND + "|a) thousand\\b ?)?(?:(?:and )?(" + BELOW_THOUSAND
            + ")\\b)?|zero)");
    private static final List<String> PARTS =
            List.of("half", "third", "quarter", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth");
    private static final Pattern FRACTION = Pattern.compile(
            "(minus |negative )?(" + BELOW_HUNDRED + "|a) (" + String.join("|", PARTS) + "|fourth|halve)s?");

    private static final String MONTH =
            "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?";
    private static final String DAY = "(\\d{1,2})(?:st|nd|rd|th)?";
    private static final Pattern MONTH_FIRST = Pattern.compile(MONTH + " ?" + DAY + "(?:,? ?(\\d{4}))?");
    private static final Pattern DAY_FIRST = Pattern.compile(DAY + " ?(?:of )?" + MONTH + "(?:,? ?(\\d{4}))?");
    private static final Pattern TIME = Pattern.compile("(\\d{1,2})(?::(\\d{2}))? ?(a\\.? ?m\\.?|p\\.? ?m\\.?)?");

    /** Minutes that no ratio would write: 12:00, 9:05. */
    private static final Pattern ON_THE_CLOCK = Pattern.compile("\\d{1,2}:0\\d");

    private Spelled() {}

    private record Date(int month, int day, String year) {}

    /** @param half of the day: {@code a}, {@code p}, or empty where it is left out */
    private record Time(int hour, int minute, String half) {
        int minutes() {
            int hours = half.isEmpty() ? hour : hour % 12 + (half.equals("p") ? 12 : 0);
            return 60 * hours + minute;
        }
    }

    /** The numeral of a number in words, up to 999 million, or of a fraction, and its unit if it has one; other texts as they are. */
    static String numeral(String text) {
        if (text.length() > 80 || text.length() < 3 || !Character.isLetter(text.charAt(0))) {
            return text;
        }
        Matcher counted = COUNTED.matcher(text);
        if (counted.matches()) {
            String value = bareNumeral(counted.group(1));
            return value.equals(counted.group(1)) ? bareNumeral(text) : value + counted.group(2);
        }
        return bareNumeral(text);
    }

    private static String bareNumeral(String text) {
        String words = text.toLowerCase(Locale.ROOT).replaceAll("[\\s,-]+", " ");
        Matcher fraction = FRACTION.matcher(words);
        if (fraction.matches()) {
            String part = fraction.group(3).replace("halve", "half").replace("fourth", "quarter");
            return signed(fraction.group(1), below(fraction.group(2)) + "/" + (PARTS.indexOf(part) + 2));
        }
        Matcher number = NUMBER.matcher(words);
        if (!number.matches() || words.isBlank()) {
            return text;
        }
        long value = 1_000_000L * below(number.group(2)) + 1000L * below(number.group(3)) + below(number.group(4));
        return signed(number.group(1), String.valueOf(value));
    }

    private static String signed(@Nullable String sign, String value) {
        return sign == null ? value : "-" + value;
    }

    private static int below(@Nullable String words) {
        return words == null ? 0 : belowThousand(words);
    }

    private static int belowThousand(String words) {
        int hundred = words.indexOf("hundred");
        String hundreds = words.substring(0, Math.max(0, hundred)).strip();
        int value = hundred < 0 ? 0 : 100 * Math.max(1, UNITS.indexOf(hundreds));
        for (String word : words.substring(hundred < 0 ? 0 : hundred).split(" ", -1)) {
            value += word.equals("a") ? 1 : Math.max(0, UNITS.indexOf(word));
            value += TENS.contains(word) ? 20 + 10 * TENS.indexOf(word) : 0;
        }
        return value;
    }

    /** Compares two dates or two times; empty when they are none. */
    static Optional<Verdict> compare(String gold, String other) {
        if (gold.length() > 40 || other.length() > 40) {
            return Optional.empty();
        }
        String a = gold.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
        String b = other.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
        Optional<Date> date = date(a);
        if (date.isPresent()) {
            return date(b).map(found -> dates(date.get(), found));
        }
        Optional<Time> time = time(a);
        Optional<Time> given = time(b);
        boolean halves = time.map(t -> !t.half.isEmpty()).orElse(false)
                || given.map(t -> !t.half.isEmpty()).orElse(false);
        halves |= ON_THE_CLOCK.matcher(a).matches() || ON_THE_CLOCK.matcher(b).matches();
        return halves && time.isPresent() ? given.map(found -> times(time.get(), found)) : Optional.empty();
    }

    private static Verdict dates(Date a, Date b) {
        boolean year = a.year.equals(b.year) || a.year.isEmpty() || b.year.isEmpty();
        return a.month == b.month && a.day == b.day && year
                ? Verdict.equal("the same date")
                : Verdict.different("other dates");
    }

    private static Verdict times(Time a, Time b) {
        boolean same = a.half.isEmpty() == b.half.isEmpty()
                ? a.minutes() == b.minutes()
                : a.minutes() == b.minutes() || (a.hour == b.hour && a.minute == b.minute);
        return same ? Verdict.equal("the same time") : Verdict.different("other times");
    }

    private static Optional<Date> date(String text) {
        Matcher first = MONTH_FIRST.matcher(text);
        if (first.matches()) {
            return Optional.of(date(first.group(1), first.group(2), first.group(3)));
        }
        Matcher second = DAY_FIRST.matcher(text);
        return second.matches()
                ? Optional.of(date(second.group(2), second.group(1), second.group(3)))
                : Optional.empty();
    }

    private static Date date(String month, String day, @Nullable String year) {
        return new Date(MONTHS.indexOf(month.substring(0, 3)), Integer.parseInt(day), year == null ? "" : year);
    }

    private static Optional<Time> time(String text) {
        Matcher m = TIME.matcher(text);
        if (!m.matches() || (m.group(2) == null && m.group(3) == null)) {
            return Optional.empty();
        }
        int hour = Integer.parseInt(m.group(1));
        int minute = m.group(2) == null ? 0 : Integer.parseInt(m.group(2));
        return hour > 24 || minute > 59
                ? Optional.empty()
                : Optional.of(new Time(
                        hour, minute, m.group(3) == null ? "" : m.group(3).substring(0, 1)));
    }
}
