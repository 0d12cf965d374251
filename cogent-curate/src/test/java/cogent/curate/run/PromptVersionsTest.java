package cogent.curate.run;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.curate.agent.Scripted;
import cogent.curate.prompt.PromptSet;
import cogent.data.InputException;
import cogent.llm.ChatModel;
import cogent.llm.ChatRequest;
import cogent.llm.meter.Budget;
import cogent.llm.run.ChatModels;
import cogent.llm.store.RunDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptVersionsTest {
    @TempDir
    Path folder;

    private void ask(RunDatabase database, String prompt) {
        try (ChatModels models = new ChatModels(database, Budget.UNLIMITED)) {
            ChatModel model = models.connect(new Scripted().on("critic", "Label: easy"), "scripted");
            model.chat(ChatRequest.of("critic", prompt));
        }
    }

    @Test
    void a_run_begun_with_other_prompts_is_not_continued_and_says_what_to_do() {
        try (RunDatabase database = RunDatabase.open(folder)) {
            ask(database, "[cogent critique v1]\n\nDecide.");
            assertThatThrownBy(() -> PromptVersions.requireSame(folder, PromptSet.BUILT_IN))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("critique v1 there, v2 here")
                    .hasMessageContaining("another name");
        }
    }

    @Test
    void a_batch_that_is_out_with_other_prompts_is_not_continued_either() {
        try (RunDatabase database = RunDatabase.open(folder)) {
            database.write(connection -> {
                try (var insert = connection.createStatement()) {
                    return insert.executeUpdate(
                            "INSERT INTO batched VALUES ('k','critic','m',0,9,'[cogent critique v1]',"
                                    + "0,0,0,0,1,'f',1,0,0,'','')");
                }
            });
            assertThatThrownBy(() -> PromptVersions.requireSame(folder, PromptSet.BUILT_IN))
                    .hasMessageContaining("critique v1 there, v2 here");
        }
    }

    @Test
    void a_run_of_these_prompts_and_of_others_calls_goes_on() {
        try (RunDatabase database = RunDatabase.open(folder)) {
            ask(database, "[cogent critique v2]\n\nDecide.");
            ask(database, "What is 1 + 1?");
            assertThatCode(() -> PromptVersions.requireSame(folder, PromptSet.BUILT_IN))
                    .doesNotThrowAnyException();
        }
    }
}
