package cogent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cogent.cli.Cogent.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The contract of {@code cogent inspect}, and its agreement with the independent references where those are at hand. */
class InspectTest {
    /** Made by tools/oracles/tokens.py. */
    private static final Path TOKENS = Path.of("../cogent-model/src/test/resources/tokens");

    private static final JsonMapper JSON = JsonMapper.shared();

    /** What tools/oracles/families.py and training.py wrote. */
    private static final Path FAMILIES = Path.of("../cogent-model/src/test/resources/families");

    private static final Path TRAINING = Path.of("../cogent-train/src/test/resources/oracle");

    @TempDir
    Path folder;

    private Path model;

    @BeforeEach
    void a_model() {
        model = folder.resolve("model");
        assertThat(Cogent.run("init", "--playground", model).code()).isZero();
    }

    @Test
    void every_line_gets_its_object_in_order_and_a_bad_one_stops_nobody() throws IOException {
        List<JsonNode> answers = inspect(
                List.of(
                        "{\"prompt_ids\": [5, 6], \"completion_ids\": [7, 8, 9]}",
                        "not json",
                        "[1]",
                        "{\"prompt_ids\": [5, 6]}",
                        "{\"prompt_ids\": [5, 999999], \"completion_ids\": [7]}",
                        "{\"prompt_ids\": [5, 6.5], \"completion_ids\": [7]}",
                        "{\"prompt_ids\": [], \"completion_ids\": [7]}",
                        "{\"prompt_ids\": [5, 6], \"completion_ids\": [7, 8, 9]}"),
                "logps",
                "--model",
                model);
        assertThat(answers).hasSize(8);
        assertThat(answers.subList(1, 7)).allMatch(a -> a.has("error"));
        assertThat(answers.getLast()).isEqualTo(answers.getFirst());
        assertThat(answers.getFirst().get("tokens").asInt()).isEqualTo(3);
        assertThat(sum(answers.getFirst().get("token_logps")))
                .isCloseTo(answers.getFirst().get("logp").asDouble(), within(1e-4));
    }

    @Test
    void generation_is_the_same_for_the_same_seed_and_stops_where_it_should() throws IOException {
        List<String> rows = List.of("{\"prompt_ids\": [5, 6]}", "{}", "{\"prompt_ids\": [7]}");
        List<JsonNode> once = inspect(
                rows,
                "generate",
                "--model",
                model,
                "--max-new-tokens",
                5,
                "--temperature",
                1,
                "--seed",
                3,
                "--ignore-eos");
        List<JsonNode> twice = inspect(
                rows,
                "generate",
                "--model",
                model,
                "--max-new-tokens",
                5,
                "--temperature",
                1,
                "--seed",
                3,
                "--ignore-eos");
        assertThat(once).isEqualTo(twice);
        assertThat(once.get(0).get("ids")).hasSize(5);
        assertThat(once.get(0).get("finish_reason").asString()).isEqualTo("length");
        assertThat(once.get(1).has("error")).isTrue();
        assertThat(once.get(2).has("text")).isTrue();
    }

    @Test
    void without_a_tokenizer_ids_are_taken_and_texts_are_not() throws IOException {
        Files.delete(model.resolve("tokenizer.json"));
        List<JsonNode> answers = inspect(
                List.of("{\"prompt\": \"1\", \"completion\": \"2\"}", "{\"prompt_ids\": [5], \"completion_ids\": [6]}"),
                "logps",
                "--model",
                model);
        assertThat(answers.getFirst().get("error").asString()).contains("no tokenizer.json");
        assertThat(answers.getLast().get("tokens").asInt()).isEqualTo(1);
    }

    @Test
    void tokens_go_there_and_back() throws IOException {
        List<JsonNode> answers = inspect(List.of("{\"text\": \"1 2 3\"}", "{}"), "tokens", "--model", model);
        String ids = answers.getFirst().get("ids").toString();
        assertThat(answers.getLast().has("error")).isTrue();
        assertThat(inspect(List.of("{\"ids\": " + ids + "}"), "tokens", "--model", model))
                .containsExactly(answers.getFirst());
    }

    @Test
    void hostile_rows_get_an_error_each_and_no_crash() throws IOException {
        String deep = "[".repeat(900) + "]".repeat(900);
        for (String command : List.of("logps", "generate", "tokens")) {
            List<JsonNode> answers = inspect(
                    List.of(
                            "{\"prompt_ids\": [-1], \"completion_ids\": [-1], \"ids\": [-1]}",
                            "{\"prompt_ids\": [99999999], \"completion_ids\": [1], \"ids\": [99999999]}",
                            "{\"prompt_ids\": [1e99], \"completion_ids\": [1], \"ids\": [1e99]}",
                            "{\"prompt\": 5, \"completion\": 6, \"text\": 7}",
                            "{\"prompt\": null, \"completion\": null, \"text\": null}",
                            "{\"prompt\": " + deep + ", \"text\": " + deep + "}",
                            "{\"prompt_ids\": [" + "1,".repeat(3000) + "1], \"completion_ids\": \"x\", \"ids\": {}}",
                            "\"text\""),
                    command,
                    "--model",
                    model);
            assertThat(answers).as(command).hasSize(8).allMatch(answer -> answer.has("error"));
        }
    }

    @Test
    void generation_stops_before_a_stop_text() throws IOException {
        Object[] options = {"generate", "--model", model, "--max-new-tokens", 12, "--ignore-eos"};
        String free = inspect(List.of("{\"prompt_ids\": [5, 6]}"), options)
                .getFirst()
                .get("text")
                .asString();
        String stop = free.substring(free.length() / 2);
        List<Object> stopped = new ArrayList<>(List.of(options));
        stopped.addAll(List.of("--stop", stop, "--repetition-penalty", 1, "--min-p", 0.01, "--dtype", "fp32"));
        JsonNode answer =
                inspect(List.of("{\"prompt_ids\": [5, 6]}"), stopped.toArray()).getFirst();
        assertThat(answer.get("text").asString()).isEqualTo(free.substring(0, free.indexOf(stop)));
        assertThat(answer.get("finish_reason").asString()).isEqualTo("stop");
    }

    @Test
    void model_tells_what_a_directory_holds() {
        JsonNode answer =
                JSON.readTree(Cogent.run("inspect", "model", "--model", model).out());
        assertThat(answer.get("architecture").asString()).isEqualTo("Qwen2ForCausalLM");
        assertThat(answer.get("parameters").asLong()).isEqualTo(802_432);
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen2", "llama-f16", "qwen3-sharded", "gemma3"})
    void logps_and_greedy_tokens_are_the_reference_s(String name) throws IOException {
        Path oracle = FAMILIES.resolve(name);
        JsonNode logprobs =
                JSON.readTree(TRAINING.resolve("sft.json").toFile()).at("/" + name + "/completion_token_logprobs");
        JsonNode all = JSON.readTree(oracle.resolve("expected.json").toFile());
        JsonNode sequences = all.at("/inputs/sequences");
        JsonNode lengths = all.at("/inputs/prompt_lengths");
        JsonNode expected = all.get("expected");
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < sequences.size(); i++) {
            ObjectNode row = JSON.createObjectNode();
            var prompt = row.putArray("prompt_ids");
            var completion = row.putArray("completion_ids");
            for (int t = 0; t < sequences.get(i).size(); t++) {
                (t < lengths.get(i).asInt() ? prompt : completion)
                        .add(sequences.get(i).get(t).asInt());
            }
            rows.add(row.toString());
        }
        List<JsonNode> logps = inspect(rows, "logps", "--model", oracle);
        List<JsonNode> greedy =
                inspect(rows, "generate", "--model", oracle, "--max-new-tokens", 12, "--temperature", 0);
        for (int i = 0; i < rows.size(); i++) {
            close(logps.get(i).get("token_logps"), logprobs.get(i), 1e-4);
            assertThat(greedy.get(i).get("ids"))
                    .isEqualTo(expected.get("greedy").get(i));
        }
    }

    @Test
    void the_objective_is_the_reference_s() throws IOException {
        Path oracle = TRAINING.resolve("cogpo-qwen2");
        JsonNode pairs = JSON.readTree(oracle.resolve("pairs.json").toFile());
        JsonNode expected =
                JSON.readTree(oracle.resolve("expected.json").toFile()).get("expected");
        List<String> rows =
                pairs.get("pairs").valueStream().map(JsonNode::toString).toList();
        List<JsonNode> answers =
                inspect(rows, "objective", "--policy", FAMILIES.resolve("qwen2"), "--reference", oracle.resolve("ref"));
        assertThat(answers).hasSize(1);
        JsonNode answer = answers.getFirst();
        close(answer.get("policy_chosen_logps"), expected.at("/policy_logps/chosen"), 1e-4);
        close(answer.get("reference_rejected_logps"), expected.at("/ref_logps/rejected"), 1e-4);
        assertThat(answer.get("mean_loss").asDouble())
                .isCloseTo(expected.at("/cogpo/mean_loss").asDouble(), within(1e-4));
        assertThat(answer.get("grad_global_norm").asDouble())
                .isCloseTo(expected.get("grad_global_norm").asDouble(), within(1e-2));
    }

    @Test
    void dpo_is_cogpo_with_one_beta_and_hostile_pairs_are_refused_with_their_line() throws IOException {
        String good = "{\"prompt_ids\":[1],\"chosen_ids\":[2,3],\"rejected_ids\":[4],\"beta\":0.2}";
        JsonNode dpo = inspect(
                        List.of(good), "objective", "--policy", model, "--reference", model, "--objective", "dpo")
                .getFirst();
        assertThat(dpo.get("betas").get(0).asDouble()).isEqualTo(0.1);
        assertThat(dpo.get("mean_loss").asDouble()).isCloseTo(Math.log(2), within(1e-6));
        for (String bad : List.of(
                "{\"prompt_ids\":[1],\"chosen_ids\":[2],\"rejected_ids\":[2],\"beta\":0.2}",
                "{\"prompt_ids\":[1],\"chosen_ids\":[],\"rejected_ids\":[2],\"beta\":0.2}",
                "{\"prompt_ids\":[1],\"chosen_ids\":[3],\"rejected_ids\":[2],\"beta\":0}",
                "{\"prompt_ids\":[1],\"chosen_ids\":[3],\"rejected_ids\":[2],\"beta\":NaN}",
                "{\"prompt_ids\":[1],\"chosen_ids\":[3],\"rejected_ids\":[99999],\"beta\":0.1}",
                "{\"prompt_ids\":[1],\"chosen\":\" \",\"rejected_ids\":[2],\"beta\":0.1}",
                "nonsense")) {
            Path input = Files.write(folder.resolve("bad.jsonl"), List.of(good, bad));
            Ran ran = Cogent.run("inspect", "objective", "--policy", model, "--reference", model, "--input", input);
            assertThat(ran.code()).as(bad).isNotZero();
            assertThat(ran.out()).isEmpty();
            assertThat(ran.err()).contains("bad.jsonl: line 2");
        }
    }

    @Test
    void a_batch_is_shown_token_by_token_with_what_is_trained_on() throws IOException {
        Path rows = Files.write(
                folder.resolve("rows.jsonl"),
                List.of(
                        "{\"prompt_ids\":[5,6],\"completion_ids\":[7,8,9]}",
                        "{\"prompt_ids\":[5,6],\"completion_ids\":[]}",
                        "{\"prompt\":\"1 + 2\",\"completion\":\"3\"}"));
        Ran ran = Cogent.run("inspect", "batch", "--model", model, "--input", rows, "--json");
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.err()).contains("line 2: empty completion");
        List<JsonNode> shown = ran.out().lines().map(JSON::readTree).toList();
        assertThat(shown).hasSize(2);
        assertThat(shown.getFirst().get("ids").toString()).isEqualTo("[5,6,7,8,9]");
        assertThat(shown.getFirst().get("loss_mask").toString()).isEqualTo("[0,0,1,1,1]");
        assertThat(shown.getFirst().get("tokens")).hasSize(5);
        Ran plain = Cogent.run(
                "inspect", "batch", "--model", model, "--input", rows, "--rows", 1, "--set", "sft.max_length=4");
        assertThat(plain.out()).isEmpty();
        assertThat(plain.err()).contains("5 tokens, over the limit of 4");
        Path pairs = Files.write(
                folder.resolve("pairs.jsonl"),
                List.of("{\"prompt_ids\":[5],\"chosen_ids\":[7],\"rejected_ids\":[8],\"beta\":0.3,\"gap\":\"small\"}"));
        assertThat(Cogent.run("inspect", "batch", "--model", model, "--input", pairs)
                        .out())
                .contains("beta 0.3  gap small", "chosen: 1 token read, 1 trained on", "rejected:");
        Path array = Files.writeString(
                folder.resolve("pairs.json"),
                "[" + Files.readString(pairs).strip() + ", 7,\n"
                        + Files.readString(pairs).strip() + "]");
        Ran ofArray = Cogent.run("inspect", "batch", "--model", model, "--input", array, "--rows", 1);
        assertThat(ofArray.out()).contains("pair line 1  beta 0.3").doesNotContain("line 3");
        assertThat(Cogent.run("inspect", "batch", "--model", model, "--input", array)
                        .out())
                .contains("pair line 1", "pair line 3");
        assertThat(Cogent.run("inspect", "batch").err()).contains("give a recipe, or --model and --input");
    }

    @Test
    void beta_can_follow_a_measured_gap() throws IOException {
        List<String> rows = List.of(
                "{\"prompt_ids\":[1],\"chosen_ids\":[2,3],\"rejected_ids\":[4],\"gap_score\":0}",
                "{\"prompt_ids\":[1],\"chosen_ids\":[2,3],\"rejected_ids\":[4],\"gap_score\":0.5}",
                "{\"prompt_ids\":[1],\"chosen_ids\":[2,3],\"rejected_ids\":[4],\"gap_score\":1}");
        JsonNode answer = inspect(
                        rows,
                        "objective",
                        "--policy",
                        model,
                        "--reference",
                        model,
                        "--set",
                        "align.beta={from: gap-score, low: 0.1, high: 0.4}")
                .getFirst();
        assertThat(answer.get("betas").get(0).asDouble()).isCloseTo(0.1, within(1e-12));
        assertThat(answer.get("betas").get(1).asDouble()).isCloseTo(0.2, within(1e-12));
        assertThat(answer.get("betas").get(2).asDouble()).isCloseTo(0.4, within(1e-12));
    }

    @Test
    void a_llama_goes_on_as_transformers_does() throws IOException {
        Path llama = TOKENS.resolve("sentencepiece");
        JsonNode golden = JSON.readTree(llama.resolve("golden.json").toFile());
        List<String> rows = golden.get("cases")
                .valueStream()
                .map(c -> JSON.createObjectNode()
                        .put("prompt", c.get("text").asString())
                        .toString())
                .toList();
        List<JsonNode> answers =
                inspect(rows, "generate", "--model", llama, "--max-new-tokens", 24, "--temperature", 0, "--ignore-eos");
        for (int i = 0; i < rows.size(); i++) {
            assertThat(answers.get(i).get("ids"))
                    .isEqualTo(golden.get("cases").get(i).get("greedy_new_ids"));
        }
    }

    @Test
    void tokens_are_the_golden_ones() throws IOException {
        Path qwen = TOKENS.resolve("qwen");
        JsonNode golden = JSON.readTree(TOKENS.resolve("golden.json").toFile());
        List<JsonNode> cases = golden.get("cases")
                .valueStream()
                .filter(c -> c.get("tokenizer").asString().equals("qwen"))
                .toList();
        List<JsonNode> answers = inspect(
                cases.stream()
                        .map(c -> JSON.createObjectNode()
                                .put("text", c.get("text").asString())
                                .toString())
                        .toList(),
                "tokens",
                "--model",
                qwen);
        for (int i = 0; i < cases.size(); i++) {
            assertThat(answers.get(i).get("ids")).isEqualTo(cases.get(i).get("ids"));
        }
    }

    @Test
    void templates_are_rendered_as_transformers_does() throws IOException {
        Path templates = shared("chat_templates");
        Map<String, List<JsonNode>> byTemplate = new TreeMap<>();
        JSON.readTree(templates.resolve("expected.json").toFile())
                .get("cases")
                .forEach(c -> byTemplate
                        .computeIfAbsent(c.get("template").asString(), _ -> new ArrayList<>())
                        .add(c));
        for (var entry : byTemplate.entrySet()) {
            List<JsonNode> answers = inspect(
                    entry.getValue().stream().map(JsonNode::toString).toList(),
                    "template",
                    "--template",
                    templates.resolve(entry.getKey()));
            for (int i = 0; i < answers.size(); i++) {
                JsonNode wanted = entry.getValue().get(i);
                if (wanted.get("expected").isNull()) {
                    assertThat(answers.get(i).has("error"))
                            .as(wanted.get("id").asString())
                            .isTrue();
                } else {
                    assertThat(answers.get(i).path("text").asString(null))
                            .as(wanted.get("id").asString())
                            .isEqualTo(wanted.get("expected").asString());
                }
            }
        }
    }

    private List<JsonNode> inspect(List<String> rows, Object... command) throws IOException {
        Path input = Files.write(folder.resolve("input.jsonl"), rows);
        List<Object> args = new ArrayList<>(List.of("inspect"));
        args.addAll(List.of(command));
        args.addAll(List.of("--input", input));
        Ran ran = Cogent.run(args.toArray());
        assertThat(ran.code()).as(ran.err()).isZero();
        return ran.out().lines().map(JSON::readTree).toList();
    }

    /** Reference data lies beside a working checkout, if at all. */
    private static Path shared(String name) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve("shared").resolve(name))) {
                return at.resolve("shared").resolve(name);
            }
        }
        assumeTrue(false, "no shared/" + name + " beside this checkout");
        throw new IllegalStateException();
    }

    private static double sum(JsonNode numbers) {
        return numbers.valueStream().mapToDouble(JsonNode::asDouble).sum();
    }

    private static void close(JsonNode actual, JsonNode expected, double tolerance) {
        assertThat(actual).hasSize(expected.size());
        for (int i = 0; i < actual.size(); i++) {
            assertThat(actual.get(i).asDouble()).isCloseTo(expected.get(i).asDouble(), within(tolerance));
        }
    }
}
