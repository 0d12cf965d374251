package cogent.pipeline.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.model.decoder.LanguageModel;
import cogent.model.hf.ModelConfig;
import cogent.model.tensor.DType;
import cogent.model.tensor.Ranks;
import cogent.model.text.Tokenizer;
import cogent.pipeline.Pipeline;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.RecipeReader;
import cogent.pipeline.run.PipelineEvent.StageProgress;
import cogent.pipeline.run.ReplySource;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.StopRequest;
import cogent.pipeline.run.StoppedException;
import cogent.playground.PlaygroundStudent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts drawn in bf16, which rounds what is computed beside other texts in another way than what is computed alone. */
class RepeatedAnswersTest {
    @TempDir
    private Path folder;

    /** With weights so large that a step's rounding decides many a token. */
    @BeforeEach
    void student() throws IOException {
        Path config = folder.resolve("student");
        PlaygroundStudent.write(config);
        String text = Files.readString(config.resolve("config.json"))
                .replaceFirst("\"initializer_range\" : [0-9.]+", "\"initializer_range\" : 0.2");
        ModelConfig large = ModelConfig.read(Files.writeString(config.resolve("config.json"), text));
        try (LanguageModel model = LanguageModel.create(large, 1);
                Tokenizer tokenizer = Tokenizer.load(config)) {
            model.save(folder.resolve("model"), DType.F32, tokenizer);
        }
    }

    @Test
    void an_evaluation_that_was_stopped_again_and_again_ends_with_the_texts_of_one_that_was_not() throws IOException {
        Recipe whole = recipe("whole");
        evaluate(whole, Long.MAX_VALUE);
        Recipe stopped = recipe("stopped");
        for (long at : List.of(7L, 31L, 50L)) { // in a group, behind its first half, in the next one
            assertThatThrownBy(() -> evaluate(stopped, at)).isInstanceOf(StoppedException.class);
        }
        evaluate(stopped, Long.MAX_VALUE);
        assertThat(answers(stopped)).isNotEmpty().isEqualTo(answers(whole));
    }

    private static void evaluate(Recipe recipe, long stopAt) {
        StopRequest stop = new StopRequest();
        Pipeline.of(recipe)
                .run(
                        List.of("playground", "evaluate"),
                        new ReplySource.Live(),
                        Ranks.alone(),
                        event -> {
                            if (event instanceof StageProgress at
                                    && at.stage().equals("evaluate")
                                    && at.done() >= stopAt) {
                                stop.ask();
                            }
                        },
                        stop);
    }

    private static List<String> answers(Recipe recipe) throws IOException {
        try (Stream<Path> files = Files.walk(RunDirectory.of(recipe).evaluation())) {
            Path answers = files.filter(file -> file.toString().endsWith(".jsonl"))
                    .findFirst()
                    .orElseThrow();
            // the key names the questions too, and each run has made its own
            return Files.readAllLines(answers).stream()
                    .map(line -> line.replaceFirst("\"key\":\"\\w+\"", ""))
                    .toList();
        }
    }

    private Recipe recipe(String name) throws IOException {
        return RecipeReader.read(
                Files.writeString(folder.resolve(name + ".yaml"), """
                        name: %s
                        runs: %s
                        corpus: {path: playground}
                        playground: {problems: 10, held_out: 20}
                        student: {model: %s, dtype: bf16, deterministic: true}
                        teacher: {url: playground}
                        evaluate:
                          benchmarks: [playground]
                          models: [base]
                          temperature: 1
                          samples: 4
                          max_new_tokens: 60
                          batch_size: 5
                        """.formatted(name, folder, folder.resolve("model"))),
                List.of());
    }
}
