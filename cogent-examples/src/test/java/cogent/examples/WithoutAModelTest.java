package cogent.examples;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.curate.prompt.AgentTask;
import cogent.curate.prompt.Prompt;
import cogent.data.Problem;
import cogent.data.Rationale;
import cogent.data.Sample;
import cogent.eval.Scores;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples that need no student on disk. */
class WithoutAModelTest {
    @TempDir
    Path folder;

    private static ChatReply says(String text) {
        return ChatReply.of("scripted", text);
    }

    @Test
    void twenty_rows_are_curated_with_a_prompt_of_ones_own() throws IOException {
        Set<String> asked = ConcurrentHashMap.newKeySet();
        ChatModel scripted = request -> says(
                switch (request.agent()) {
                    case "critic" -> {
                        asked.add(request.messages()
                                .getFirst()
                                .content()
                                .lines()
                                .findFirst()
                                .orElseThrow());
                        yield "Label: easy";
                    }
                    case "rethinker" -> "Three and four are added.\n\n3 + 4 = 7\n\n\\boxed{7}";
                    case "verifier" -> "Reason: it holds\nVerdict: correct";
                    default -> "Three and four are added.\n\n3 + 4 = 8\n\n\\boxed{8}";
                });
        List<Sample> samples = IntStream.range(0, 20)
                .mapToObj(i -> new Sample(
                        new Problem("p" + i, "What is 3 + 4? (" + i + ")", "7"), Rationale.of("It is \\boxed{7}")))
                .toList();
        String own = Prompt.builtIn(AgentTask.CRITIQUE).text().replaceFirst(".*", "Be strict.");
        Curate.curate(samples, scripted, own, folder);
        assertThat(asked).containsExactly("Be strict.");
        assertThat(Files.readAllLines(folder.resolve("sft.jsonl")))
                .hasSize(20)
                .allMatch(row -> row.contains("rewrite"));
        assertThat(Files.readAllLines(folder.resolve("preferences.jsonl"))).anyMatch(row -> row.contains("\"large\""));
    }

    @Test
    void a_benchmark_of_ones_own_is_judged_by_its_own_grader() {
        List<Problem> problems = List.of(new Problem("a", "Is 7 prime?", "yes"), new Problem("b", "Is 9 prime?", "no"));
        ChatModel optimist = request -> says("I think so.\n\n**Yes.**");
        Scores scores = OwnBenchmark.evaluate(problems, optimist, "optimist", folder.resolve("results.jsonl"));
        assertThat(scores.accuracy()).isEqualTo(0.5);
    }
}
