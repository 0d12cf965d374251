package cogent.playground;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sums of plain numbers in running text, such as {@code 48 / 2 = 24}: those that can be read without doubt. */
final class Sums {
    private static final String NUMBER = "\\d{1,12}(?:\\.\\d{1,9})?";
    private static final String OPERATOR = " ?(?:[-+*/×÷·]|\\\\times|\\\\cdot|\\\\div) ?";

    /** Nothing that could belong to a longer term may stand before or after. */
    private static final Pattern SUM = Pattern.compile("(?<=^|[a-z:,(\\[$] |[\\n(\\[$>])(" + NUMBER + "(?:" + OPERATOR
            + NUMBER + "){1,8}) ?= ?(" + NUMBER + ")(?=\\.?(?:\\s|$)(?! ?[-+*/×÷·\\\\^(])|[,;)$\\]])");

    private static final Pattern PART = Pattern.compile(NUMBER + "|" + OPERATOR);

    private Sums() {}

    /** The first sum that does not hold, rounding of the stated result allowed. */
    static Optional<String> falsehood(String text) {
        for (Matcher sum = SUM.matcher(text); sum.find(); ) {
            BigDecimal stated = new BigDecimal(sum.group(2));
            Optional<BigDecimal> value = value(sum.group(1));
            BigDecimal tolerance = BigDecimal.ONE.movePointLeft(stated.scale());
            if (value.isPresent() && value.get().subtract(stated).abs().compareTo(tolerance) >= 0) {
                return Optional.of(sum.group() + " is false");
            }
        }
        return Optional.empty();
    }

    /** Times and divided before plus and minus; empty for a division by zero. */
    static Optional<BigDecimal> value(String terms) {
        Matcher part = PART.matcher(terms);
        BigDecimal sum = BigDecimal.ZERO;
        BigDecimal product = BigDecimal.ONE;
        String operator = "*";
        while (part.find()) {
            String token = part.group().strip();
            if (!Character.isDigit(token.charAt(0))) {
                operator = token;
                continue;
            }
            BigDecimal number = new BigDecimal(token);
            switch (operator) {
                case "+", "-" -> {
                    sum = sum.add(product);
                    product = operator.equals("+") ? number : number.negate();
                }
                case "/", "÷", "\\div" -> {
                    if (number.signum() == 0) {
                        return Optional.empty();
                    }
                    product = product.divide(number, MathContext.DECIMAL64);
                }
                default -> product = product.multiply(number);
            }
        }
        return Optional.of(sum.add(product));
    }
}
