package cogent.curate;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/** The prompts of all tasks: those that come with Cogent, with edited copies in their place where the recipe names one. */
public record Prompts(Map<Task, Prompt> byTask) {
    public static final Prompts BUILT_IN = with(Map.of());

    /** @throws cogent.data.InputException when a file cannot be read or is no prompt for its task */
    public static Prompts with(Map<Task, Path> edited) {
        Map<Task, Prompt> prompts = new EnumMap<>(Task.class);
        for (Task task : Task.values()) {
            Path file = edited.get(task);
            prompts.put(task, file == null ? Prompt.builtIn(task) : Prompt.read(task, file));
        }
        return new Prompts(prompts);
    }

    public Prompt get(Task task) {
        Prompt prompt = byTask.get(task);
        if (prompt == null) {
            throw new IllegalStateException("no prompt for " + task);
        }
        return prompt;
    }
}
