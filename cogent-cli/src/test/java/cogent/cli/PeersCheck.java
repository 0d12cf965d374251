package cogent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cogent.answer.Equivalence;
import cogent.answer.Verdict;
import cogent.cli.Cogent.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Cogent beside the living Python tools: {@code ./mvnw -Ppeers -pl cogent-cli -am test}. Not among the tests of a plain build,
 * which has their numbers as fixtures (tools/oracles).
 */
class PeersCheck {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String PYTHON = System.getProperty("cogent.peers", "python3");
    private static final Path BASE =
            Path.of("../cogent-model/src/test/resources/families/qwen2").toAbsolutePath();
    private static final int END = 2;
    private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:\\d+");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"sft", "dpo"})
    void five_steps_have_the_losses_of_trl(String kind) throws Exception {
        boolean sft = kind.equals("sft");
        Path rows = rows(
                sft ? List.of("prompt_ids", "completion_ids") : List.of("prompt_ids", "chosen_ids", "rejected_ids"));
        JsonNode theirs = python("trl_steps.py", BASE, kind, rows, 5);
        String stage = sft ? "sft" : "align";
        run(stage + ": {rows: " + rows + ", " + (sft ? "" : "objective: dpo, ") + STEPS + "}\n");
        List<JsonNode> ours = Cogent.rows(folder.resolve("runs/x/metrics/" + stage + ".jsonl"));
        assertThat(theirs.size()).isEqualTo(5);
        for (int step = 0; step < 5; step++) {
            assertThat(ours.get(step).get("loss").asDouble())
                    .as("step %d", step + 1)
                    .isCloseTo(theirs.get(step).asDouble(), within(2e-4));
        }
    }

    private static final String STEPS =
            "max_steps: 5, batch_size: 4, learning_rate: 1.0e-3, schedule: constant, warmup_ratio: 0,"
                    + " weight_decay: 0, max_grad_norm: 1.0";

    @Test
    void an_adapter_is_the_merged_model_in_peft_and_transformers_writes_the_same_tokens() throws Exception {
        Path rows = rows(List.of("prompt_ids", "completion_ids"));
        run("sft: {rows: " + rows + ", " + STEPS + ", lora: {rank: 4, alpha: 8}}\n");
        Path models = folder.resolve("runs/x/models");
        Path merged = models.resolve("sft");
        JsonNode theirs = python("logits.py", BASE, merged, models.resolve("sft-adapter"), "[5, 6, 7, 8]");
        assertThat(theirs.get("moved").asDouble()).isGreaterThan(1e-3);
        assertThat(theirs.get("difference").asDouble()).isLessThan(1e-4);
        Path prompt = Files.writeString(folder.resolve("prompt.jsonl"), "{\"prompt_ids\": [5, 6, 7, 8]}\n");
        Cogent.Ran ran = Cogent.run(
                "inspect",
                "generate",
                "--model",
                merged,
                "--input",
                prompt,
                "--max-new-tokens",
                12,
                "--temperature",
                0,
                "--ignore-eos");
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(JSON.readTree(ran.out()).get("ids")).isEqualTo(theirs.get("greedy"));
    }

    @Test
    void lm_eval_scores_the_served_model_as_it_does_in_transformers() throws Exception {
        Path model = folder.resolve("model");
        assertThat(Cogent.run("init", "--playground", model).code()).isZero();
        Child server = Cogent.start(folder, "serve", model, "--port", 0);
        try {
            assertThat(server.waitFor(() ->
                            ADDRESS.matcher(Files.readString(server.log())).find()))
                    .isTrue();
            Matcher address = ADDRESS.matcher(Files.readString(server.log()));
            assertThat(address.find()).isTrue();
            JsonNode scores = python("lm_eval_serve.py", model, address.group());
            for (int i = 0; i < scores.get("local").size(); i++) {
                assertThat(scores.get("served").get(i).get(0).asDouble())
                        .isCloseTo(scores.get("local").get(i).get(0).asDouble(), within(1e-3));
            }
        } finally {
            server.process().destroy();
        }
    }

    /** Plain values, on which two graders have no excuse to differ; the hard ones are VerdictsTest's. */
    @Test
    void math_verify_gives_the_same_verdicts_on_plain_values() throws Exception {
        List<String> values = List.of(
                "12",
                "12.0",
                "0.5",
                "\\frac{1}{2}",
                "\\frac{2}{4}",
                "-3",
                "\\sqrt{8}",
                "2\\sqrt{2}",
                "x+1",
                "1+x",
                "2x",
                "10^3",
                "1000",
                "\\frac{\\pi}{2}",
                "(1,2)",
                "(2,1)",
                "[0,1)",
                "(0,1)",
                "\\{1,2\\}",
                "\\{2,1\\}");
        List<String> lines = new ArrayList<>();
        List<Boolean> ours = new ArrayList<>();
        for (String gold : values) {
            for (String answer : values) {
                lines.add(JSON.createObjectNode()
                        .put("gold", gold)
                        .put("answer", answer)
                        .toString());
                ours.add(Equivalence.compare(gold, "\\boxed{" + answer + "}").kind() == Verdict.Kind.EQUAL);
            }
        }
        JsonNode theirs = python("math_verify_pairs.py", Files.write(folder.resolve("pairs.jsonl"), lines));
        List<String> differ = IntStream.range(0, lines.size())
                .filter(i -> theirs.get(i).asBoolean() != ours.get(i))
                .mapToObj(i -> lines.get(i) + (ours.get(i) ? " equal here" : " equal there"))
                .toList();
        assertThat(differ)
                .as("it takes a set for a pair")
                .containsExactly(
                        "{\"gold\":\"\\\\{1,2\\\\}\",\"answer\":\"(2,1)\"} equal there",
                        "{\"gold\":\"\\\\{2,1\\\\}\",\"answer\":\"(1,2)\"} equal there");
    }

    private void run(String stages) throws IOException {
        Path recipe = Files.writeString(
                folder.resolve("x.yaml"),
                "runs: " + folder.resolve("runs") + "\nthreads: 1\nstudent: {model: " + BASE + "}\n" + stages);
        Cogent.Ran ran = Cogent.run("run", recipe);
        assertThat(ran.code()).as(ran.err()).isZero();
    }

    /** Four rows of token ids; completions end with the end of text. */
    private Path rows(List<String> fields) throws IOException {
        Random random = new Random(3);
        List<String> lines = new ArrayList<>();
        for (int row = 0; row < 4; row++) {
            ObjectNode line = JSON.createObjectNode();
            for (String field : fields) {
                ArrayNode ids = line.putArray(field);
                random.ints(2 + random.nextInt(7), 3, 61).forEach(ids::add);
                if (!field.equals("prompt_ids")) {
                    ids.add(END);
                }
            }
            lines.add(line.toString());
        }
        return Files.write(folder.resolve("rows.jsonl"), lines);
    }

    /** The last line that a script of tools/peers prints. */
    private static JsonNode python(String script, Object... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(PYTHON, DocsTest.ROOT.resolve("tools/peers/" + script).toString()));
        for (Object arg : args) {
            command.add(String.valueOf(arg));
        }
        Path out = Files.createTempFile("peers", ".txt");
        Path err = Files.createTempFile("peers", ".err");
        ProcessBuilder process =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        // an older OpenBLAS's remedy for some processors, which slows a current one
        process.environment().keySet().removeAll(List.of("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"));
        assertThat(process.start().waitFor()).as(Files.readString(err)).isZero();
        return JSON.readTree(Files.readAllLines(out).getLast());
    }
}
