package cogent.answer;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Dates and times of the day. */
final class Dates {
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

    private static final String MONTH =
            "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?";
    private static final String DAY = "(\\d{1,2})(?:st|nd|rd|th)?";
    private static final Pattern MONTH_FIRST = Pattern.compile(MONTH + " ?" + DAY + "(?:,? ?(\\d{4}))?");
    private static final Pattern DAY_FIRST = Pattern.compile(DAY + " ?(?:of )?" + MONTH + "(?:,? ?(\\d{4}))?");
    private static final Pattern ISO = Pattern.compile("(\\d{4})-(\\d{2})-(\\d{2})");
    private static final Pattern TIME =
            Pattern.compile("(\\d{1,2})(?:(?::|\\.(?=\\d\\d ?[ap]))(\\d{2}))? ?(a\\.? ?m\\.?|p\\.? ?m\\.?)?");

    /** Minutes that no ratio would write: 12:00, 9:05. */
    private static final Pattern ON_THE_CLOCK = Pattern.compile("\\d{1,2}:0\\d");

    private Dates() {}

    private record Date(int month, int day, String year) {}

    /** @param half of the day: {@code a}, {@code p}, or empty where it is left out */
    private record Time(int hour, int minute, String half) {
        int minutes() {
            int hours = half.isEmpty() ? hour : hour % 12 + (half.equals("p") ? 12 : 0);
            return 60 * hours + minute;
        }
    }

    /** Compares two dates or two times; empty when they are none. */
    static Optional<Verdict> compare(String gold, String other) {
        if (gold.length() > 40 || other.length() > 40) {
            return Optional.empty();
        }
        String a = plain(gold);
        String b = plain(other);
        if (ISO.matcher(a).matches() != ISO.matcher(b).matches() && date(a).isPresent() != date(b).isPresent()) {
            return Optional.of(Verdict.unknown("a date against another form"));
        }
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

    private static String plain(String text) {
        String plain = text.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ").strip();
        return switch (plain) {
            case "noon", "12 noon", "midday" -> "12:00 pm";
            case "midnight", "12 midnight" -> "12:00 am";
            default -> plain;
        };
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
        Matcher iso = ISO.matcher(text);
        if (iso.matches()) {
            return Optional.of(
                    new Date(Integer.parseInt(iso.group(2)) - 1, Integer.parseInt(iso.group(3)), iso.group(1)));
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
