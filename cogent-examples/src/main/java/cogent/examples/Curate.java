package cogent.examples;

import cogent.curate.Curated;
import cogent.curate.Curation;
import cogent.curate.PairBuilder;
import cogent.curate.prompt.AgentTask;
import cogent.curate.prompt.Prompt;
import cogent.curate.prompt.PromptSet;
import cogent.data.RowFormat;
import cogent.data.Sample;
import cogent.data.file.JsonLinesWriter;
import cogent.llm.ChatModel;
import java.nio.file.Path;
import java.util.List;

/** Curates samples in memory with any chat model and with an agent prompt of one's own. */
public final class Curate {
    private Curate() {}

    /** Leaves {@code sft.jsonl} and {@code preferences.jsonl} in the folder. */
    public static void curate(List<Sample> samples, ChatModel teacher, String criticPrompt, Path folder) {
        PromptSet prompts =
                PromptSet.BUILT_IN.replacing(new Prompt(AgentTask.CRITIQUE, criticPrompt, "the critic's prompt"));
        Curation curation = Curation.of(teacher, "0.5B", prompts);
        PairBuilder pairs = new PairBuilder(RowFormat.THINK);
        try (JsonLinesWriter sft = JsonLinesWriter.create(folder.resolve("sft.jsonl"));
                JsonLinesWriter preferences = JsonLinesWriter.create(folder.resolve("preferences.jsonl"))) {
            for (Sample sample : samples) {
                Curated curated = curation.curate(sample);
                pairs.sft(curated).forEach(sft::write);
                pairs.preferences(curated).forEach(preferences::write);
            }
            sft.commit();
            preferences.commit();
        }
    }
}
