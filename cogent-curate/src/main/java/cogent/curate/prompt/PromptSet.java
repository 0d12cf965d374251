package cogent.curate.prompt;

import cogent.llm.ChatMessage;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The prompts of all tasks: those that come with Cogent, with edited copies in their place where the recipe names one. */
public record PromptSet(Map<AgentTask, Prompt> byTask) {
    public static final PromptSet BUILT_IN = with(Map.of());

    /** @throws cogent.data.InputException when a file cannot be read or is no prompt for its task */
    public static PromptSet with(Map<AgentTask, Path> edited) {
        Map<AgentTask, Prompt> prompts = new EnumMap<>(AgentTask.class);
        for (AgentTask task : AgentTask.values()) {
            Path file = edited.get(task);
            prompts.put(task, file == null ? Prompt.builtIn(task) : Prompt.read(task, file));
        }
        return new PromptSet(prompts);
    }

    /** The same with this prompt in the place of the one for its task. */
    public PromptSet replacing(Prompt prompt) {
        Map<AgentTask, Prompt> prompts = new EnumMap<>(byTask);
        prompts.put(prompt.task(), prompt);
        return new PromptSet(prompts);
    }

    /**
     * The message for a task.
     *
     * @param sections texts by section name; never trusted
     * @param refused the last reply to it, shown with the reason why it was refused; null at first
     */
    public List<ChatMessage> ask(
            AgentTask task, Map<String, String> words, Map<String, String> sections, @Nullable Refusal refused) {
        if (refused == null || refused.text().isBlank()) {
            return List.of(ChatMessage.user(get(task).render(words, sections)));
        }
        Map<String, String> all = new LinkedHashMap<>(sections);
        all.put("refused", refused.text());
        all.put("reason", refused.reason());
        return List.of(ChatMessage.user(Prompt.render(List.of(get(task), get(AgentTask.AGAIN)), words, all)));
    }

    public Prompt get(AgentTask task) {
        Prompt prompt = byTask.get(task);
        if (prompt == null) {
            throw new IllegalStateException("no prompt for " + task);
        }
        return prompt;
    }
}
