package cogent.llm;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text parted into the thinking that a reasoning model put before its answer and the answer itself. Blocks are marked
 * {@code <think>} (DeepSeek, Qwen), {@code <thinking>}, {@code <thought>}, {@code <seed:think>}, {@code [THINK]} (Mistral)
 * or {@code ◁think▷} (Kimi).
 *
 * @param thinking stripped; empty where there is none
 * @param answer stripped where there is thinking before it; empty where the text ends while still thinking
 */
public record Thinking(String thinking, String answer) {
    private static final String NAME = "(?:(?:seed:)?think(?:ing)?|thought)";
    private static final Pattern OPEN = Pattern.compile("(?i)[<\\[◁]" + NAME + "[>\\]▷]");
    private static final Pattern CLOSE = Pattern.compile("(?i)[<\\[◁]/" + NAME + "[>\\]▷]");

    public static Thinking of(String text) {
        Matcher open = OPEN.matcher(text);
        Matcher close = CLOSE.matcher(text);
        boolean opens = open.find();
        boolean leads = opens && text.substring(0, open.start()).isBlank();
        int begin = leads ? open.end() : 0;
        if (!close.find(begin)) {
            // cut off, or ended, while still thinking: there is no answer
            return leads ? parted(text.substring(begin), "") : new Thinking("", text);
        }
        // templates of QwQ and R1 open the block in the prompt, so the reply may only close it
        return leads || !opens || close.start() < open.start()
                ? parted(text.substring(begin, close.start()), text.substring(close.end()))
                : new Thinking("", text);
    }

    private static Thinking parted(String thinking, String answer) {
        return new Thinking(thinking.strip(), answer.strip());
    }
}
