package cogent.curate.prompt;

import cogent.data.InputException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The student's size as the agents are told it.
 *
 * @param text in the field's notation, such as {@code 0.5B}
 * @param billions of parameters
 */
public record StudentSize(String text, double billions) {
    /** Beyond this factor lessons for one are no lessons for the other. */
    private static final double MUCH = 3;

    private static final Pattern SIZE = Pattern.compile("(?i)\\s*(\\d+(?:\\.\\d+)?)\\s*([kmbt])\\w*\\s*");

    /** @throws InputException when this is no size */
    public static StudentSize of(String text) {
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            throw new InputException("the student's size is a number of parameters such as 0.5B or 135M, not " + text);
        }
        double unit = switch (size.group(2).toUpperCase(Locale.ROOT)) {
            case "K" -> 1e-6;
            case "M" -> 1e-3;
            case "B" -> 1;
            default -> 1e3;
        };
        return new StudentSize(text, Double.parseDouble(size.group(1)) * unit);
    }

    /** A model's size by the number of its parameters: one digit behind the point, none from ten on. */
    public static StudentSize of(long parameters) {
        double billions = parameters / 1e9;
        String text = billions >= 0.1 ? written(billions) + "B" : written(parameters / 1e6) + "M";
        return new StudentSize(text, billions);
    }

    private static String written(double value) {
        return String.format(Locale.ROOT, value < 9.95 ? "%.1f" : "%.0f", value).replaceFirst("\\.0$", "");
    }

    /** Whether lessons for one are no lessons for the other. */
    public boolean differsMuch(StudentSize other) {
        double factor = billions / other.billions;
        return factor > MUCH || factor < 1 / MUCH;
    }
}
