package cogent.answer;

import java.util.Optional;

/** Finds the final answer that a text states. */
public final class Answers {
    private Answers() {}

    /** The final answer stated by a rationale or completion, or empty when none can be found. */
    public static Optional<String> extract(String text) {
        int start = text.lastIndexOf("\\boxed{");
        if (start < 0) {
            return Optional.empty();
        }
        int from = start + "\\boxed{".length();
        int depth = 1;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (depth == 0) {
                return Optional.of(text.substring(from, i).strip());
            }
        }
        return Optional.empty();
    }
}
