package cogent.playground;

import cogent.answer.Answers;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Mechanical editing of any rationale, for exercising the pipeline over real corpora where no language model is at hand.
 * <b>It understands nothing and teaches nothing:</b> it counts words and hedges, drops paragraphs that hedge, splits
 * sentences, compares answers as text, checks sums of plain numbers, and swaps one answer for another. What it writes
 * must not be trained on for any other purpose than to see the machinery turn.
 */
public record MechanicalChat() implements ChatModel {
    /** The name it answers under. */
    public static final String NAME = "mechanical-editing";

    private static final int TERSE_WORDS = 60;
    private static final int LONG_WORDS = 500;
    private static final int HEDGES = 3;

    private static final Pattern HEDGE = Pattern.compile("(?i)^\\W*(?:but )?(?:wait|alternatively|hmm|hold on|actually|"
            + "let me (?:double|check|verify|re|see if|make sure)|maybe|perhaps|just to|to double|another (?:way|approach))\\b"
            + "|(?i)\\b(?:mistake|i made an error|is that right|double-check|not sure)\\b");
    private static final Pattern SENTENCE = Pattern.compile("(?<=[a-z0-9)$][.!?]) +(?=[A-Z])");
    private static final Pattern WORD = Pattern.compile("\\S+");

    @Override
    public ChatReply chat(ChatRequest request) {
        AgentPrompt prompt = AgentPrompt.read(request);
        String rationale = prompt.sections().getOrDefault("rationale", "");
        String text = switch (prompt.task()) {
            case "critique" -> critique(rationale);
            case "simplify" -> ending(plain(rationale), answer(prompt, rationale));
            case "extend" -> ending(sentences(rationale), answer(prompt, rationale));
            case "repair" ->
                ending(sentences(rationale), prompt.section("answer").strip());
            case "verify" -> verify(rationale, prompt.section("answer"));
            case "blind" ->
                "The last number is \\boxed{" + Answers.lastNumber(rationale).orElse("none") + "}";
            case "distract" -> distract(rationale, answer(prompt, rationale), prompt.seed());
            default -> throw AgentPrompt.refusal("it edits solutions, it cannot write one");
        };
        return ChatReply.of(NAME, text);
    }

    private static String critique(String rationale) {
        long words = WORD.matcher(rationale).results().count();
        long hedges = AgentPrompt.paragraphs(rationale).stream()
                .filter(MechanicalChat::hedges)
                .count();
        String label = words > LONG_WORDS || hedges >= HEDGES ? "complex" : words < TERSE_WORDS ? "brief" : "balanced";
        return words + " words, " + hedges + " paragraphs that hedge.\n\nLabel: " + label;
    }

    private static boolean hedges(String paragraph) {
        return HEDGE.matcher(paragraph).find();
    }

    /** The rationale's own final answer, or the reference where it states none. */
    private static String answer(AgentPrompt prompt, String rationale) {
        return Answers.extract(rationale)
                .orElseGet(() -> prompt.section("answer").strip());
    }

    /** The paragraphs that do not hedge; all of them where every one does. */
    private static List<String> plain(String rationale) {
        List<String> paragraphs = AgentPrompt.paragraphs(untagged(rationale));
        List<String> kept =
                paragraphs.stream().filter(paragraph -> !hedges(paragraph)).toList();
        return kept.isEmpty() ? paragraphs : kept;
    }

    /** One sentence a paragraph; displayed formulas are left whole. */
    private static List<String> sentences(String rationale) {
        List<String> sentences = new ArrayList<>();
        for (String paragraph : AgentPrompt.paragraphs(untagged(rationale))) {
            boolean display = paragraph.contains("\\[") || paragraph.contains("$$") || paragraph.contains("\\begin");
            sentences.addAll(
                    display ? List.of(paragraph) : Arrays.asList(SENTENCE.split(paragraph.replace("\n", "\n\n"), -1)));
        }
        return sentences;
    }

    private static String untagged(String rationale) {
        return rationale.replaceAll("</?think>|<\\|(?:begin|end)_of_\\w+\\|>|<<[^<>]*>>", "");
    }

    private static String ending(List<String> paragraphs, String answer) {
        String boxed = "\\boxed{" + answer + "}";
        String body =
                String.join("\n\n", paragraphs).replaceAll("(?m)^#### .*$", "").strip();
        List<String> kept = AgentPrompt.paragraphs(body);
        return !kept.isEmpty() && kept.getLast().contains(boxed) ? body : body + "\n\n" + boxed;
    }

    private static String verify(String rationale, String answer) {
        Optional<String> fault = Answers.extract(rationale)
                .filter(stated -> same(stated, answer))
                .map(stated -> Sums.falsehood(rationale))
                .orElse(Optional.of("its final answer is not " + answer.strip()));
        return "Reason: " + fault.orElse("the final answer is the reference and the plain sums hold") + "\nVerdict: "
                + (fault.isEmpty() ? "correct" : "incorrect");
    }

    private static boolean same(String stated, String answer) {
        return bare(stated).equals(bare(answer));
    }

    private static String bare(String answer) {
        return answer.replaceAll("[\\s$,]|\\\\[,;! ]|\\\\left|\\\\right|\\\\text\\{[^}]*}", "")
                .replace("dfrac", "frac")
                .replace("tfrac", "frac")
                .replaceAll("\\.0*$", "");
    }

    /** Puts another answer in the place of the right one, wherever it stands alone. */
    private static String distract(String rationale, String answer, long seed) {
        String wrong = altered(answer, seed);
        String alone = "(?<![\\w.\\\\])" + Pattern.quote(answer) + "(?![\\w]|\\.\\d)";
        String body = String.join("\n\n", plain(rationale));
        return "Mistake: calculation\n\n"
                + ending(List.of(body.replaceAll(alone, Matcher.quoteReplacement(wrong))), wrong);
    }

    /** Another digit in the place of the first one; a minus before an answer without digits. */
    private static String altered(String answer, long seed) {
        for (int i = 0; i < answer.length(); i++) {
            char c = answer.charAt(i);
            if (c >= '0' && c <= '9') {
                char other = (char) ('1' + (c - '1' + 1 + Seeds.below(seed, 8) + 9) % 9);
                return answer.substring(0, i) + other + answer.substring(i + 1);
            }
        }
        return answer.matches("[A-E]") ? String.valueOf((char) ('A' + (answer.charAt(0) - 'A' + 1) % 5)) : "-" + answer;
    }
}
