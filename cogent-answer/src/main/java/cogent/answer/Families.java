package cogent.answer;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers for every value of a letter that may have any name: {@code x^2 + C}, {@code \frac{\pi}{4} + k\pi, k \in \mathbb{Z}}. */
final class Families {
    private static final Pattern INTEGER = Pattern.compile(
            "[\\s,;(]*(?:(?:\\\\text ?\\{)? ?(?:where|for|with)?(?: all| any| every| some)?(?: integers?)? ?\\}?)? ?\\(?([kmn]) ?(?:\\\\in|∈) ?(?:\\\\mathbb ?\\{? ?Z ?\\}?|ℤ|Z|\\\\mathbf ?\\{? ?Z ?\\}?|\\\\text ?\\{ ?integers ?\\})[\\s)]*\\z"
                    + "|[\\s,;(]*(?:\\\\text ?\\{)? ?(?:where|for|with) (?:all |any |every |some )?(?:integers? )?([kmn])(?: is (?:an|any) integer)?[\\s)}]*\\z");

    private static final Pattern CONSTANT = Pattern.compile(
            "(?<=\\S ?)\\+ ?(?:[cCK]|\\\\(?:text|mathrm) ?\\{ ?(?:C|c|[Cc]onst(?:ant)?\\.?) ?\\}|[Cc]onst(?:ant)?\\.?)\\z");

    private static final Pattern LETTER =
            Pattern.compile("(?<![a-zA-Z\\\\])([kmn])(?![a-zA-Z])|(?<=\\d)([kmn])(?=\\\\)");

    private Families() {}

    /** @param name of the letter that runs through the integers */
    private record Family(String formula, String name) {}

    private static Optional<Family> family(String answer) {
        Matcher integer = INTEGER.matcher(answer);
        if (answer.length() > 300 || !integer.find() || integer.start() == 0) {
            return Optional.empty();
        }
        String name = integer.group(1) == null ? integer.group(2) : integer.group(1);
        return Optional.of(new Family(answer.substring(0, integer.start()), name));
    }

    /** Whether the answer stands for one for each integer. */
    static boolean isFamily(String answer) {
        return family(answer).isPresent();
    }

    /** Either without what its letter runs through. */
    static String formula(String answer) {
        return family(answer).map(Family::formula).orElse(answer);
    }

    /** The other answer with the names that the reference gives to its constant and its integer. */
    static String named(String gold, String other) {
        if (isFamily(gold) || isFamily(other)) {
            String formula = formula(other);
            Optional<String> reference = letter(gold);
            Optional<String> name = reference.flatMap(_ -> letter(other));
            return name.map(n -> Pattern.compile("(?<![a-zA-Z\\\\])" + n + "(?![a-zA-Z])|(?<=\\d)" + n + "(?=\\\\)")
                            .matcher(formula)
                            .replaceAll(reference.orElseThrow()))
                    .orElse(formula);
        }
        return gold.length() < 300
                        && other.length() < 300
                        && CONSTANT.matcher(gold).find()
                ? CONSTANT.matcher(other).replaceFirst(Matcher.quoteReplacement(constant(gold)))
                : other;
    }

    /** Of the integer, as the answer says or by its usual names. */
    private static Optional<String> letter(String answer) {
        return family(answer)
                .map(Family::name)
                .or(() -> LETTER.matcher(answer)
                        .results()
                        .findFirst()
                        .map(m -> m.group(1) == null ? m.group(2) : m.group(1)));
    }

    private static String constant(String gold) {
        Matcher constant = CONSTANT.matcher(gold);
        return constant.find() ? constant.group() : "";
    }
}
