package cogent.model.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cogent.model.generate.Generation;
import cogent.model.generate.Generator;
import cogent.model.hf.ModelConfig;
import cogent.model.hf.Safetensors;
import cogent.model.tensor.DType;
import cogent.model.tensor.Foreach;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.LibTorch;
import cogent.model.tensor.Nn;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every language-model fixture against numbers that transformers computed (tools/oracles/families.py). */
class OracleTest {
    @TempDir
    Path temporary;

    @BeforeAll
    static void oneThread() {
        LibTorch.threads(1);
    }

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Made by tools/oracles/families.py. */
    @TestFactory
    Stream<DynamicNode> families() throws Exception {
        try (Stream<Path> directories = Files.list(Path.of("src/test/resources/families"))) {
            return directories.sorted().toList().stream().flatMap(this::tests);
        }
    }

    private Stream<DynamicNode> tests(Path directory) {
        String name = directory.getFileName() + ": ";
        return Stream.of(
                DynamicTest.dynamicTest(name + "logits and hidden states", () -> states(directory)),
                DynamicTest.dynamicTest(name + "loss and gradients", () -> gradients(directory, false)),
                DynamicTest.dynamicTest(name + "recomputed gradients", () -> gradients(directory, true)),
                DynamicTest.dynamicTest(name + "three steps of AdamW", () -> steps(directory)),
                DynamicTest.dynamicTest(name + "greedy tokens through the cache", () -> greedy(directory)),
                DynamicTest.dynamicTest(name + "saved as it was", () -> saved(directory)),
                DynamicTest.dynamicTest(name + "an adapter trains, merges and comes back", () -> adapter(directory)),
                DynamicTest.dynamicTest(name + "both config layouts", () -> configs(directory)));
    }

    private void states(Path directory) throws Exception {
        Safetensors values = Safetensors.open(directory.resolve("expected.safetensors"));
        Case c = new Case(directory);
        try (LanguageModel model = LanguageModel.load(directory);
                Scope _ = Scope.open();
                var _ = GradMode.off()) {
            Tensor logits = model.decoder().logits(model.decoder().hidden(c.packed()));
            int at = 0;
            for (int i = 0; i < c.sequences.size(); i++) {
                int length = c.sequences.get(i).length;
                assertClose(logits.narrow(0, at, length), values.tensor("logits." + i), 1e-4, 0);
                at += length;
            }
            Packed first = Packed.of(List.of(c.sequences.get(0)));
            Tensor x = model.decoder().embed(model.decoder().ids(first));
            Attention attention = model.decoder().within(first);
            int layers = model.config().layers();
            for (int j = 0; j < layers; j++) {
                assertClose(x, values.tensor("hidden.0." + j), 1e-4, 0);
                x = model.decoder().block(j, x, attention);
            }
            Tensor last = values.tensor("hidden.0." + layers);
            double factor = model.config().multipliers().logits();
            assertClose(model.decoder().norm(x), last.mul(factor), 1e-4, 0);
        }
    }

    private void gradients(Path directory, boolean recompute) throws Exception {
        Safetensors values = Safetensors.open(directory.resolve("expected.safetensors"));
        Case c = new Case(directory);
        try (LanguageModel model = LanguageModel.load(directory);
                Scope _ = Scope.open()) {
            model.parameters().values().forEach(p -> p.requiresGrad(true));
            assertThat(c.backward(model, recompute))
                    .isCloseTo(c.expected.get("loss").asDouble(), within(1e-5));
            for (var e : c.expected.get("grad_norms").properties()) {
                double norm = e.getValue().asDouble();
                assertThat(Foreach.norm(
                                List.of(model.parameters().get(e.getKey()).grad())))
                        .as(e.getKey())
                        .isCloseTo(norm, within(1e-4 * norm + 1e-5));
            }
            for (String name : values.entries().keySet()) {
                if (name.startsWith("grad.")) {
                    assertClose(model.parameters().get(name.substring(5)).grad(), values.tensor(name), 1e-4, 1e-4);
                }
            }
        }
    }

    private void steps(Path directory) throws Exception {
        Safetensors values = Safetensors.open(directory.resolve("expected.safetensors"));
        Case c = new Case(directory);
        try (LanguageModel model = LanguageModel.load(directory);
                Scope _ = Scope.open()) {
            List<Tensor> all = List.copyOf(model.parameters().values());
            all.forEach(p -> p.requiresGrad(true));
            List<Tensor> m = all.stream().map(Tensors::zerosLike).toList();
            List<Tensor> v = all.stream().map(Tensors::zerosLike).toList();
            List<Integer> decayed = IntStream.range(0, all.size())
                    .boxed()
                    .filter(i -> all.get(i).rank() >= 2)
                    .toList();
            List<Integer> others = IntStream.range(0, all.size())
                    .boxed()
                    .filter(i -> all.get(i).rank() == 1)
                    .toList();
            JsonNode expected = c.expected.get("adamw3");
            for (int step = 1; step <= 3; step++) {
                all.forEach(Tensor::clearGrad);
                double loss = c.backward(model, false);
                assertThat(loss)
                        .isCloseTo(
                                expected.get("losses_before_step_1_2_3_and_after_3")
                                        .get(step - 1)
                                        .asDouble(),
                                within(1e-4));
                List<Tensor> grads = all.stream().map(Tensor::grad).toList();
                double norm = Foreach.norm(grads);
                assertThat(norm)
                        .isCloseTo(
                                expected.get("grad_global_norms_before_clipping")
                                        .get(step - 1)
                                        .asDouble(),
                                within(2e-3));
                Foreach.mul_(grads, Math.min(1, 1 / (norm + 1e-6)));
                for (var group : List.of(decayed, others)) {
                    Foreach.adamw_(
                            new Foreach.AdamW(
                                    1e-3, 0.9, 0.95, 1e-8, all.get(group.get(0)).rank() >= 2 ? 0.1 : 0),
                            group.stream().map(all::get).toList(),
                            group.stream().map(grads::get).toList(),
                            group.stream().map(m::get).toList(),
                            group.stream().map(v::get).toList(),
                            java.util.Collections.nCopies(group.size(), Tensors.full(step, DType.F32)));
                }
            }
            for (String name : values.entries().keySet()) {
                if (name.startsWith("adamw3.")) {
                    Tensor difference = model.parameters()
                            .get(name.substring(7))
                            .detach()
                            .sub(values.tensor(name))
                            .abs();
                    double off = difference.gt(1e-4).to(DType.F32).sum().item();
                    assertThat(off).as(name).isLessThanOrEqualTo(1 + 1e-3 * difference.numel());
                    assertThat(difference.max().item()).as(name).isLessThan(1e-3);
                }
            }
        }
    }

    private void greedy(Path directory) throws Exception {
        Case c = new Case(directory);
        List<int[]> prompts = IntStream.range(0, c.sequences.size())
                .mapToObj(i -> Arrays.copyOf(c.sequences.get(i), c.prompts.get(i)))
                .toList();
        try (LanguageModel model = LanguageModel.load(directory)) {
            List<Generation> requests = prompts.stream()
                    .map(prompt -> Generation.greedy(prompt, 12, Set.of()))
                    .toList();
            List<Generation.Completion> together = new Generator(model.decoder(), 8).generate(requests);
            for (int i = 0; i < prompts.size(); i++) {
                assertThat(together.get(i).ids())
                        .containsExactly(c.expected
                                .get("greedy")
                                .get(i)
                                .valueStream()
                                .mapToInt(JsonNode::asInt)
                                .toArray());
            }
        }
    }

    /** The same names and bytes and the same config: what loads the one loads the other. */
    private void saved(Path directory) throws Exception {
        Path copy = temporary.resolve(directory.getFileName());
        ModelConfig config = ModelConfig.read(directory.resolve("config.json"));
        try (LanguageModel model = LanguageModel.mapped(directory)) {
            model.save(copy, config.dtype(), null);
        }
        assertThat(JSON.readTree(copy.resolve("config.json"))).isEqualTo(config.source());
        try (LanguageModel model = LanguageModel.mapped(copy);
                LanguageModel original = LanguageModel.mapped(directory)) {
            assertThat(model.parameters().sequencedKeySet())
                    .isEqualTo(original.parameters().sequencedKeySet());
            model.parameters()
                    .forEach((name, value) -> assertThat(value.toFloats())
                            .as(name)
                            .isEqualTo(original.parameters().get(name).toFloats()));
        }
    }

    private void adapter(Path directory) throws Exception {
        Case c = new Case(directory);
        Path saved = temporary.resolve(directory.getFileName() + "-adapter");
        ModelConfig config = ModelConfig.read(directory.resolve("config.json"));
        Set<String> targets =
                config.experts().any() ? Set.of("q_proj", "v_proj", "o_proj") : Lora.Settings.allLinear(config);
        Lora.Settings all = new Lora.Settings(2, 4, false, 0, targets);
        try (LanguageModel model = LanguageModel.load(directory);
                Lora adapter = Lora.create(model, all, 1);
                Scope _ = Scope.open()) {
            ForwardPass pass = ForwardPass.of(adapter.decoder(), c.packed(), 0);
            pass.backward(Tensors.randn(3, c.packed().tokens(), model.config().hiddenSize()));
            try (var _ = GradMode.off()) {
                adapter.parameters().forEach((name, p) -> {
                    assertThat(p.hasGrad()).as(name).isTrue();
                    p.add_(Tensors.randn(p.numel(), p.shape()), 0.1);
                });
            }
            adapter.save(saved, "base");
            Tensor with = adapter.decoder().hidden(c.packed());
            assertThat(with.sub(model.decoder().hidden(c.packed())).abs().max().item())
                    .isGreaterThan(1e-3);
            try (Lora loaded = Lora.load(model, saved)) {
                assertThat(loaded.settings()).isEqualTo(adapter.settings());
                assertClose(loaded.decoder().hidden(c.packed()), with, 1e-6, 0);
            }
            adapter.merge();
            assertClose(model.decoder().hidden(c.packed()), with, 2e-4, 1e-4);
        }
    }

    private void configs(Path directory) {
        ModelConfig old = ModelConfig.read(directory.resolve("config.json"));
        ModelConfig fresh = ModelConfig.read(directory.resolve("config.v5.json"));
        assertThat(fresh).usingRecursiveComparison().ignoringFields("source").isEqualTo(old);
    }

    private static void assertClose(Tensor actual, Tensor expected, double absolute, double relative) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        Tensor excess = actual.detach().sub(expected).abs().sub(expected.abs().mul(relative));
        assertThat(excess.max().item()).isLessThan(absolute);
    }

    /** Inputs of a fixture, and the loss of its batch as a trainer would compute it. */
    private static final class Case {
        private final List<int[]> sequences = new ArrayList<>();
        private final List<Integer> prompts = new ArrayList<>();
        private final JsonNode expected;

        Case(Path directory) throws Exception {
            JsonNode json = JSON.readTree(Files.readString(directory.resolve("expected.json")));
            for (JsonNode s : json.get("inputs").get("sequences")) {
                sequences.add(s.valueStream().mapToInt(JsonNode::asInt).toArray());
            }
            json.get("inputs").get("prompt_lengths").forEach(n -> prompts.add(n.asInt()));
            expected = json.get("expected");
        }

        Packed packed() {
            return Packed.of(sequences);
        }

        /** Mean cross entropy of the completion tokens; leaves gradients. */
        double backward(LanguageModel model, boolean recompute) {
            List<Integer> rows = new ArrayList<>();
            List<Integer> targets = new ArrayList<>();
            int at = 0;
            for (int i = 0; i < sequences.size(); i++) {
                int[] s = sequences.get(i);
                for (int t = prompts.get(i); t < s.length; t++) {
                    rows.add(at + t - 1);
                    targets.add(s[t]);
                }
                at += s.length;
            }
            int n = rows.size();
            Tensor pick = Tensors.of(rows.stream().mapToInt(r -> r).toArray(), n);
            Tensor y = Tensors.of(targets.stream().mapToInt(r -> r).toArray(), n, 1);
            try (Scope _ = Scope.open()) {
                ForwardPass pass = ForwardPass.of(model.decoder(), packed(), recompute ? 1 : 0);
                Tensor logits = model.decoder().logits(pass.hidden().indexSelect(0, pick));
                Tensor loss = Nn.logSoftmax(logits, -1).gather(1, y).mean().neg();
                loss.backward();
                pass.backward();
                return loss.item();
            }
        }
    }
}
