package cogent.llm;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text parted into the thinking that a reasoning model put before its answer and the answer itself. Blocks are marked
 * {@code <think>} (DeepSeek, Qwen), {@code <thinking>}, {@code <thought>}, {@code <seed:think>}, {@code [THINK]} (Mistral),
 * {@code ◁think▷} (Kimi), {@code <|START_THINKING|>} (Cohere), {@code <|begin_of_thought|>} (Sky-T1) or
 * {@code <|channel>thought} to {@code <channel|>} (Gemma 4); gpt-oss writes into
 * channels ({@code <|channel|>analysis<|message|>}, <a href="https://github.com/openai/harmony">harmony</a>). Tokens that
 * end a turn or frame an answer, which some servers leave in the text, are part of neither.
 *
 * @param thinking stripped; empty where there is none
 * @param answer stripped where there is thinking before it; empty where the text ends while still thinking
 */
public record Thinking(String thinking, String answer) {
    private static final String NAME = "(?:(?:seed:)?think(?:ing)?|thought)";
    private static final Pattern OPEN = Pattern.compile(
            "(?i)[<\\[◁]" + NAME + "[>\\]▷]|<\\|(?:START_THINKING|begin_of_thought)\\|>|<\\|channel>(?:thought\\b)?");
    private static final Pattern CLOSE =
            Pattern.compile("(?i)[<\\[◁]/" + NAME + "[>\\]▷]|<\\|(?:END_THINKING|end_of_thought)\\|>|<channel\\|>");

    private static final Pattern CHANNELS = Pattern.compile("\\s*(?:<\\|start\\|>assistant)?<\\|channel\\|>");
    private static final Pattern FINAL_CHANNEL =
            Pattern.compile("(?:<\\|start\\|>assistant)?<\\|channel\\|>final\\b[^\\n]{0,60}?<\\|message\\|>");
    private static final Pattern CHANNEL_MARK = Pattern.compile(
            "(?:<\\|start\\|>assistant)?<\\|channel\\|>\\w*[^\\n]{0,80}?<\\|message\\|>|<\\|(?:end|return|call)\\|>");

    private static final Pattern BEGINS = Pattern.compile("\\A\\s*<\\|(?:START_RESPONSE|begin_of_solution)\\|>\\s*");
    private static final List<String> ENDS = List.of(
            "<|im_end|>",
            "<|eot_id|>",
            "<|eom_id|>",
            "<|end|>",
            "<|return|>",
            "<|endoftext|>",
            "<|end_of_text|>",
            "<|end_of_turn|>",
            "<|END_RESPONSE|>",
            "<|END_OF_TURN_TOKEN|>",
            "<|end_of_solution|>",
            "</s>",
            "<end_of_turn>",
            "<turn|>",
            "<｜end▁of▁sentence｜>");

    public static Thinking of(String text) {
        if (CHANNELS.matcher(text).lookingAt()) {
            return ofChannels(text);
        }
        Matcher open = OPEN.matcher(text);
        Matcher close = CLOSE.matcher(text);
        boolean opens = open.find();
        boolean leads = opens && text.substring(0, open.start()).isBlank();
        int begin = leads ? open.end() : 0;
        if (!close.find(begin)) {
            // cut off, or ended, while still thinking: there is no answer
            return leads ? parted(text.substring(begin), "") : new Thinking("", unframed(text));
        }
        // templates of QwQ and R1 open the block in the prompt, so the reply may only close it
        return leads || !opens || close.start() < open.start()
                ? parted(text.substring(begin, close.start()), text.substring(close.end()))
                : new Thinking("", unframed(text));
    }

    /** The last channel that is called final is the answer, whatever comes before it thinking. */
    private static Thinking ofChannels(String text) {
        int end = text.length();
        int begin = text.length();
        for (Matcher channel = FINAL_CHANNEL.matcher(text); channel.find(); ) {
            end = channel.start();
            begin = channel.end();
        }
        return parted(CHANNEL_MARK.matcher(text.substring(0, end)).replaceAll(""), text.substring(begin));
    }

    private static Thinking parted(String thinking, String answer) {
        return new Thinking(thinking.strip(), unframed(answer).strip());
    }

    private static String unframed(String text) {
        return text.contains("<s>")
                ? text
                : BEGINS.matcher(withoutEnds(text)).replaceFirst(""); // <s>…</s> may be struck out
    }

    /** Token by token from the end: thousands of them, from a model that does not stop, are more than a pattern's stack holds. */
    private static String withoutEnds(String text) {
        int end = text.length();
        for (int from = end; ; end = from) {
            int last = text.substring(0, from).stripTrailing().length();
            Optional<String> token = ENDS.stream()
                    .filter(ends -> text.startsWith(ends, last - ends.length()))
                    .findFirst();
            if (token.isEmpty()) {
                return end == text.length() ? text : text.substring(0, end).stripTrailing();
            }
            from = last - token.get().length();
        }
    }
}
