package cogent.answer.math;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers in Chinese and Japanese characters: 二十, 一千二百三十四, 三分之一, 百分之五十, 负三点五. */
final class HanNumerals {
    private static final String DIGITS = "零一二三四五六七八九";
    private static final String PLACES = "十百千";
    private static final String RUN = "[〇零一二两兩三四五六七八九十百千万萬亿億]";

    /** What is counted, and the end of a Japanese sentence. */
    private static final String BEHIND =
            "(?=(?:[个個人只隻条條本张張块塊元円圆岁歲天日月年米克次种種位名台辆輛棵朵件双雙对對组組支枝杯瓶袋箱页頁つ匹冊回枚度倍]|小时|小時|時間|分钟|分鐘|公里|厘米|千克|平方米)?(?:です|である|だ)?[。.\\s]*\\z)";

    /** In the midst of words: two characters with a place among them, or what stands behind "is". */
    private static final Pattern NUMERAL =
            Pattern.compile("(?<![\\d.,\\p{IsHan}])([负負-]?)(" + RUN + "{1,20})(?:点(" + RUN + "{1,9}))?" + BEHIND
                    + "|(?<=[是为為はわ]|等于|共有?|[:：=])\\s?([负負-]?)(" + RUN + "{1,20})(?:点(" + RUN + "{1,9}))?" + BEHIND
                    + "|(?<![\\d.,])(?<!" + RUN + ")([负負]?)((?=[十百千万萬亿億]?" + RUN + "*[十百千万萬亿億])[一二两兩三四五六七八九十]" + RUN
                    + "{1,19})(?:点("
                    + RUN + "{1,9})(?!分))?");

    private static final Pattern SHARE = Pattern.compile("(" + RUN + "{1,9})分之(" + RUN + "{1,9})");

    private HanNumerals() {}

    /** The text with such numbers near its end in digits. */
    static String plain(String text) {
        int start = Math.max(0, text.length() - Spellings.WINDOW);
        return text.substring(0, start) + inDigits(text.substring(start));
    }

    private static String inDigits(String text) {
        if (text.chars().noneMatch(c -> c == '〇' || (c >= '一' && c <= '龥'))) {
            return text;
        }
        String shares = SHARE.matcher(text)
                .replaceAll(m ->
                        Matcher.quoteReplacement(share(m.group(1), m.group(2)).orElse(m.group())));
        return NUMERAL.matcher(shares).replaceAll(m -> {
            int first = m.group(2) != null ? 1 : m.group(5) != null ? 4 : 7;
            String sign = m.group(first).isEmpty() ? "" : "-";
            Optional<String> whole = whole(m.group(first + 1)).map(value -> sign + value);
            String decimals = m.group(first + 2);
            return Matcher.quoteReplacement((decimals == null
                            ? whole
                            : whole.flatMap(value -> digits(decimals).map(rest -> value + "." + rest)))
                    .orElse(m.group()));
        });
    }

    private static Optional<String> share(String of, String part) {
        Optional<String> over = whole(part);
        return of.equals("百")
                ? over.map(value -> value + "%")
                : over.flatMap(value -> whole(of).map(under -> value + "/" + under));
    }

    /** Digit by digit: 二〇二四. */
    private static Optional<String> digits(String run) {
        var plain = new StringBuilder();
        for (int i = 0; i < run.length(); i++) {
            int digit = digit(run.charAt(i));
            if (digit < 0) {
                return Optional.empty();
            }
            plain.append(digit);
        }
        return Optional.of(plain.toString());
    }

    /** Empty where the characters are no number, or one in one of the two languages only: 一百五. */
    private static Optional<String> whole(String run) {
        if (run.length() > 1 && digits(run).isPresent()) {
            return run.length() > 2 ? digits(run) : Optional.empty();
        }
        long total = 0;
        long section = 0;
        int digit = 0;
        long place = 10_000;
        long myriad = Long.MAX_VALUE;
        char last = ' ';
        for (int i = 0; i < run.length(); i++) {
            char c = run.charAt(i);
            int power = PLACES.indexOf(c);
            if (digit(c) >= 0) {
                if (digit > 0) {
                    return Optional.empty();
                }
                digit = digit(c);
            } else if (power >= 0) {
                long next = (long) Math.pow(10, power + 1);
                if (next >= place) {
                    return Optional.empty();
                }
                section += Math.max(1, digit) * next;
                place = next;
                digit = 0;
            } else {
                long next = "万萬".indexOf(c) >= 0 ? 10_000 : 100_000_000;
                if (section + digit == 0 || next >= myriad) {
                    return Optional.empty();
                }
                total += (section + digit) * next;
                myriad = next;
                section = 0;
                digit = 0;
                place = 10_000;
            }
            last = c;
        }
        int before = run.length() > 1 ? run.charAt(run.length() - 2) : ' ';
        boolean open = digit(last) > 0 && before != '十' && digit(before) != 0 && run.length() > 1;
        return open ? Optional.empty() : Optional.of(String.valueOf(total + section + digit));
    }

    private static int digit(int c) {
        return c == '〇' ? 0 : c == '两' || c == '兩' ? 2 : DIGITS.indexOf(c);
    }
}
