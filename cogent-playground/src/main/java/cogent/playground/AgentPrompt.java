package cogent.playground;

import cogent.llm.ChatException;
import cogent.llm.ChatMessage;
import cogent.llm.ChatRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An agent's message taken apart: the first line names the task ({@code [cogent critique v2]}), sections stand between
 * marker lines that share one fence; see {@code docs/decisions/prompts.md}.
 *
 * @param task such as {@code critique}
 * @param sections by name: {@code problem}, {@code answer}, {@code rationale}, {@code fault},
 *     {@code refused}, {@code reason}
 * @param mistake the kind of mistake preferred; empty where none is
 * @param seed a function of the whole conversation and of which sample of it is wanted
 */
record AgentPrompt(String task, Map<String, String> sections, String mistake, long seed) {
    private static final Pattern TASK = Pattern.compile("\\A\\[cogent (\\w+) v\\d+]\\R");
    private static final Pattern FENCE = Pattern.compile("(?m)^=== \\w+ ([0-9a-f]{16}) ===$");
    private static final Pattern PREFERRED = Pattern.compile("(?m)^Preferred kind: (\\w+)");

    AgentPrompt {
        sections = Map.copyOf(sections);
    }

    /** @throws ChatException of kind {@code REQUEST} when the request does not come from one of Cogent's agents */
    static AgentPrompt read(ChatRequest request) {
        String text = request.messages().stream()
                .filter(message -> message.role() == ChatMessage.Role.USER)
                .map(ChatMessage::content)
                .reduce((a, b) -> a + "\n" + b)
                .orElse("");
        Matcher task = TASK.matcher(text);
        if (!task.find()) {
            throw refusal("it is no chat partner: it reads the prompts of Cogent's own agents only,"
                    + " whose first line is [cogent TASK vN]");
        }
        Map<String, String> sections = new HashMap<>();
        Matcher fence = FENCE.matcher(text);
        if (fence.find()) {
            Matcher section = Pattern.compile("(?ms)^=== (\\w+) FENCE ===\\n(.*?)\\n?^=== end \\1 FENCE ===$"
                            .replace("FENCE", fence.group(1)))
                    .matcher(text);
            while (section.find()) {
                sections.put(section.group(1), section.group(2));
            }
        }
        Matcher preferred = PREFERRED.matcher(text);
        boolean named = preferred.find() && (!fence.reset().find() || preferred.start() < fence.start());
        return new AgentPrompt(
                task.group(1), sections, named ? preferred.group(1) : "", Seeds.of(text, request.sample()));
    }

    /** @throws ChatException of kind {@code REQUEST} when the message has no such section */
    String section(String name) {
        String text = sections.get(name);
        if (text == null) {
            throw refusal("the prompt of task " + task + " has no section " + name);
        }
        return text;
    }

    /** The paragraphs of a text, without blank ones. */
    static List<String> paragraphs(String text) {
        return text.strip().lines().allMatch(String::isBlank)
                ? List.of()
                : List.of(text.strip().split("\\n\\s*\\n", -1));
    }

    static ChatException refusal(String why) {
        return new ChatException(ChatException.Kind.REQUEST, "the playground's rule-based model cannot answer: " + why);
    }
}
