package cogent.curate.agent;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

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

    public Prompt get(AgentTask task) {
        Prompt prompt = byTask.get(task);
        if (prompt == null) {
            throw new IllegalStateException("no prompt for " + task);
        }
        return prompt;
    }
}
