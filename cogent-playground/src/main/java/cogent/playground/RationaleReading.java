package cogent.playground;

import cogent.answer.Answers;
import cogent.data.Difficulty;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A rationale as the rule-based model reads it, knowing the task: judged by what is written in it and by nothing else.
 *
 * @param paragraphs without the final answer's
 */
record RationaleReading(Task task, String text, List<String> paragraphs) {
    private static final Pattern EQUATION = Pattern.compile("(\\d{1,9}(?: [-+×] \\d{1,9})+) = (\\d{1,9})");
    private static final Pattern HALF = Pattern.compile("half of (\\d{1,9}) is (\\d{1,9})");
    private static final Pattern BASE = Pattern.compile("take (\\d{1,9}) for (\\d{1,9}), off by (\\d{1,9})");
    private static final Pattern HEAD = Pattern.compile("^(\\d+ [-+×] \\d+):");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
    private static final Pattern WORD = Pattern.compile("[A-Za-z]+");
    private static final Set<String> WORDS = Set.of(
            "That", "makes", "Hmm", "leaves", "so", "take", "for", "off", "by", "and", "back", "twice", "that", "half",
            "of", "is", "Wait", "yes");

    /** What is said of a rationale, with the reason. */
    record Label(Difficulty difficulty, String reason) {}

    static RationaleReading of(Task task, String text) {
        List<String> body = AgentPrompt.paragraphs(text).stream()
                .map(paragraph ->
                        paragraph.replaceAll("\\\\boxed\\{[^{}]*}", "").strip())
                .filter(paragraph -> !paragraph.isEmpty())
                .toList();
        return new RationaleReading(task, text, body);
    }

    /** The Critic's rule: is every column written that the steps need, and is anything written that they do not need? */
    Label label() {
        Set<String> columns = new HashSet<>();
        Set<String> steps = new HashSet<>();
        for (Solution.Numbered step : Solution.of(task).steps()) {
            steps.add(step.working().operation());
            step.working().columns().forEach(column -> columns.add(column.terms()));
        }
        Set<String> written = new HashSet<>();
        for (Matcher equation = EQUATION.matcher(text); equation.find(); ) {
            written.add(equation.group(1));
        }
        for (String terms : written) {
            if (!columns.contains(terms) && !steps.contains(terms)) {
                return new Label(
                        Difficulty.HARD,
                        "It computes " + terms + ", which the problem does not need; this reader loses the thread.");
            }
        }
        for (String terms : columns) {
            if (!written.contains(terms)) {
                return new Label(
                        Difficulty.EASY, "It does not write down " + terms + ", which this reader cannot do silently.");
            }
        }
        return new Label(Difficulty.MEDIUM, "Every column is written and nothing else is.");
    }

    /** The Verifier's rule: the first fault, or empty when every step holds and leads to the answer. */
    Optional<String> fault(String answer) {
        List<Integer> results = task.results();
        for (Matcher word = WORD.matcher(String.join("\n", paragraphs)); word.find(); ) {
            if (!WORDS.contains(word.group())) {
                return Optional.of("\"" + word.group() + "\" belongs to no step of this world");
            }
        }
        for (int i = 0; i < paragraphs.size(); i++) {
            Optional<String> falsehood = falsehood(paragraphs.get(i));
            if (falsehood.isPresent()) {
                return Optional.of("step " + (i + 1) + ": " + falsehood.get());
            }
            if (i < results.size()) {
                Optional<String> fault = misstep(
                        paragraphs.get(i), Solution.of(task).steps().get(i).working());
                if (fault.isPresent()) {
                    return Optional.of("step " + (i + 1) + ": " + fault.get());
                }
            }
        }
        if (paragraphs.size() != results.size()) {
            return Optional.of("it takes " + paragraphs.size() + " steps where the problem has " + results.size());
        }
        String conclusion = Answers.extract(text).orElse("");
        return conclusion.equals(answer)
                ? Optional.empty()
                : Optional.of(
                        "its final answer is " + (conclusion.isEmpty() ? "missing" : conclusion) + ", not " + answer);
    }

    /** The last result that the steps lead to, followed as they are written; empty when there is none. */
    Optional<String> leadsTo() {
        List<String> found = new ArrayList<>();
        paragraphs.forEach(paragraph -> stated(paragraph).ifPresent(found::add));
        return found.isEmpty() ? Optional.empty() : Optional.of(found.getLast());
    }

    private static Optional<String> falsehood(String paragraph) {
        for (Matcher m = EQUATION.matcher(paragraph); m.find(); ) {
            if (value(m.group(1)) != Long.parseLong(m.group(2))) {
                return Optional.of(m.group() + " is false");
            }
        }
        for (Matcher m = HALF.matcher(paragraph); m.find(); ) {
            if (Long.parseLong(m.group(1)) != 2 * Long.parseLong(m.group(2))) {
                return Optional.of(m.group() + " is false");
            }
        }
        for (Matcher m = BASE.matcher(paragraph); m.find(); ) {
            if (Long.parseLong(m.group(1)) - Long.parseLong(m.group(2)) != Long.parseLong(m.group(3))) {
                return Optional.of(m.group() + " is false");
            }
        }
        return Optional.empty();
    }

    private static Optional<String> misstep(String paragraph, Working expected) {
        Matcher head = HEAD.matcher(paragraph);
        if (head.find()) {
            if (!head.group(1).equals(expected.operation())) {
                return Optional.of(head.group(1) + " is worked where the problem asks for " + expected.operation());
            }
            for (Working.Column column : expected.columns()) {
                if (!paragraph.contains(" " + column)) {
                    return Optional.of("the column " + column + " is missing");
                }
            }
        }
        String stated = stated(paragraph).orElse("nothing");
        return stated.equals(String.valueOf(expected.result()))
                ? Optional.empty()
                : Optional.of(
                        "it arrives at " + stated + " where " + expected.operation() + " is " + expected.result());
    }

    /** The result that a paragraph states: its last number, a check of it aside. */
    private static Optional<String> stated(String paragraph) {
        int check = paragraph.indexOf(" Wait,");
        Matcher number = NUMBER.matcher(check < 0 ? paragraph : paragraph.substring(0, check));
        Optional<String> last = Optional.empty();
        while (number.find()) {
            last = Optional.of(number.group());
        }
        return last;
    }

    /** The value of {@code 4 + 3 × 2 - 1}-like terms, times before plus and minus. */
    static long value(String terms) {
        String[] parts = terms.split(" ", -1);
        long sum = 0;
        long product = Long.parseLong(parts[0]);
        for (int i = 1; i < parts.length; i += 2) {
            long number = Long.parseLong(parts[i + 1]);
            if (parts[i].equals("×")) {
                product *= number;
            } else {
                sum += product;
                product = parts[i].equals("+") ? number : -number;
            }
        }
        return sum + product;
    }
}
