package cogent.model.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.InputException;
import cogent.model.Shared;
import cogent.model.decoder.DecoderTest;
import cogent.model.decoder.KvCache;
import cogent.model.decoder.LanguageModel;
import cogent.model.decoder.Packed;
import cogent.model.decoder.ReferenceDecoder;
import cogent.model.generate.Generation.Completion;
import cogent.model.generate.Generation.FinishReason;
import cogent.model.hf.Configs;
import cogent.model.hf.ModelConfig;
import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.model.tensor.LibTorch;
import cogent.model.tensor.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class GeneratorTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @BeforeAll
    static void oneThread() {
        LibTorch.threads(1);
    }

    static Stream<ModelConfig> families() {
        return DecoderTest.familiesAndWide();
    }

    @ParameterizedTest
    @MethodSource("families")
    void cached_batched_and_refilled_decoding_equals_full_recomputation(ModelConfig config) {
        try (LanguageModel model = LanguageModel.create(config, 3)) {
            List<Generation> requests = new ArrayList<>();
            List<int[]> prompts = DecoderTest.sequences(config, 5, 1, 12, 7, 2, 9, 5);
            for (int i = 0; i < prompts.size(); i++) {
                requests.add(Generation.greedy(prompts.get(i), 3 + 4 * (i % 3), Set.of()));
            }
            List<Completion> expected =
                    requests.stream().map(r -> recomputed(model, r)).toList();
            for (int slots : new int[] {1, 2, 3, 16}) {
                assertThat(new Generator(model.decoder(), slots).generate(requests))
                        .as("%d slots", slots)
                        .usingRecursiveComparison()
                        .isEqualTo(expected);
            }
        }
    }

    /** What a text under way remembers is of more than its prompt: who comes later with the same one begins for itself. */
    @ParameterizedTest
    @MethodSource("families")
    void a_prompt_that_another_text_under_way_has_is_continued_as_if_alone(ModelConfig config) {
        try (LanguageModel model = LanguageModel.create(config, 3)) {
            int[] prompt = DecoderTest.sequences(config, 9).getFirst();
            List<Generation> requests = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                requests.add(Generation.greedy(prompt, 3 + 7 * (i % 2), Set.of()));
            }
            List<Completion> expected =
                    requests.stream().map(r -> recomputed(model, r)).toList();
            assertThat(new Generator(model.decoder(), 2).generate(requests))
                    .usingRecursiveComparison()
                    .isEqualTo(expected);
        }
    }

    /** What a GPU records and runs again: here it is computed each time, of the same shapes. */
    @ParameterizedTest
    @MethodSource("families")
    void steps_of_few_shapes_give_the_tokens_of_steps_that_grow(ModelConfig config) {
        try (LanguageModel model = LanguageModel.create(config, 3)) {
            List<Generation> requests = new ArrayList<>();
            List<int[]> prompts = DecoderTest.sequences(config, 5, 1, 12, 7, 2, 9, 5);
            for (int i = 0; i < prompts.size(); i++) {
                Sampler sampler = i % 2 == 0 ? Sampler.GREEDY : Sampler.at(0.8);
                requests.add(new Generation(prompts.get(i), 3 + 4 * (i % 3), sampler, Set.of(), i));
            }
            for (int slots : new int[] {1, 3, 5, 16}) {
                long bytes = 1L << 24;
                assertThat(new Generator(model.decoder(), slots, bytes, true).generate(requests))
                        .as("%d slots", slots)
                        .usingRecursiveComparison()
                        .isEqualTo(new Generator(model.decoder(), slots, bytes, false).generate(requests));
            }
        }
    }

    @Test
    void a_full_gpu_is_told_with_what_takes_less() {
        try (LanguageModel model = LanguageModel.create(Configs.qwen2(), 3)) {
            Iterator<Generation> full = Stream.<Generation>generate(() -> {
                        throw new IllegalStateException("CUDA out of memory. Tried to allocate 2 GiB\nmore");
                    })
                    .iterator();
            assertThatThrownBy(() -> new Generator(model.decoder(), 64)
                            .generate(full, new Generation.Listener() {}, () -> false))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("64 texts")
                    .hasMessageContaining("batch_size to 32")
                    .hasMessageEndingWith("(CUDA out of memory. Tried to allocate 2 GiB)");
        }
    }

    @Test
    void texts_are_begun_as_the_cache_has_room_and_come_out_the_same() {
        ModelConfig config = Configs.qwen2();
        try (LanguageModel model = LanguageModel.create(config, 3)) {
            List<Generation> requests = new ArrayList<>();
            for (int[] prompt : DecoderTest.sequences(config, 5, 9, 2, 20, 7, 3, 30)) {
                requests.add(Generation.greedy(prompt, 30 - prompt.length / 2, Set.of()));
            }
            List<Completion> expected =
                    requests.stream().map(r -> recomputed(model, r)).toList();
            long position = KvCache.bytesPerPosition(config, Device.CPU, DType.F32);
            for (long positions : new long[] {0, 64, 130, 100_000}) {
                assertThat(new Generator(model.decoder(), 6, positions * position).generate(requests))
                        .as("room for %d positions", positions)
                        .usingRecursiveComparison()
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void with_room_for_two_texts_two_are_under_way() {
        ModelConfig config = Configs.qwen2();
        try (LanguageModel model = LanguageModel.create(config, 3)) {
            int[] under = {0, 0};
            Generator generator =
                    new Generator(model.decoder(), 8, 2 * 21 * KvCache.bytesPerPosition(config, Device.CPU, DType.F32));
            generator.generate(
                    Stream.generate(() -> Generation.greedy(new int[] {1}, 20, Set.of()))
                            .limit(6)
                            .iterator(),
                    new Generation.Listener() {
                        private final Set<Integer> live = new HashSet<>();

                        @Override
                        public boolean token(int request, int id) {
                            live.add(request);
                            under[0] = Math.max(under[0], live.size());
                            return true;
                        }

                        @Override
                        public void finished(int request, Completion completion) {
                            live.remove(request);
                            under[1]++;
                        }
                    },
                    () -> false);
            assertThat(under).containsExactly(2, 6);
        }
    }

    @Test
    void a_long_text_that_has_ended_leaves_no_long_slots_to_those_behind_it() {
        ModelConfig config = Configs.qwen2();
        try (LanguageModel model = LanguageModel.create(config, 3)) {
            List<Generation> requests = new ArrayList<>();
            requests.add(Generation.greedy(new int[] {1}, 20, Set.of()));
            requests.add(Generation.greedy(new int[40], 10, Set.of()));
            requests.add(Generation.greedy(new int[] {2}, 60, Set.of()));
            for (int i = 0; i < 12; i++) {
                requests.add(Generation.greedy(new int[] {i}, 2 + i % 3, Set.of()));
            }
            List<Completion> expected =
                    requests.stream().map(r -> recomputed(model, r)).toList();
            for (long texts : new long[] {3, 5, 9}) {
                long room = texts * 61 * KvCache.bytesPerPosition(config, Device.CPU, DType.F32);
                assertThat(new Generator(model.decoder(), 16, room).generate(requests))
                        .as("room for %d of the longest", texts)
                        .usingRecursiveComparison()
                        .isEqualTo(expected);
            }
        }
    }

    /** As issue 15 has it: the defaults of an evaluation asked for 26 GB before the first token of a 0.5B model. */
    @Test
    void a_long_limit_costs_nothing_until_it_is_used() {
        ObjectNode json = Configs.json("Qwen2ForCausalLM").put("max_position_embeddings", 1 << 24);
        try (LanguageModel model = LanguageModel.create(ModelConfig.of(json), 3)) {
            List<Generation> requests = IntStream.range(0, 8)
                    .mapToObj(i -> Generation.greedy(new int[] {i}, 2_000_000_000, Set.of()))
                    .toList();
            int[] tokens = {0};
            new Generator(model.decoder(), 8, Long.MAX_VALUE / 4)
                    .generate(requests.iterator(), new Generation.Listener() {}, () -> tokens[0]++ == 5);
            assertThat(tokens[0]).isEqualTo(6);
        }
    }

    /** Greedy, without a cache. */
    private static Completion recomputed(LanguageModel model, Generation request) {
        List<Integer> all = new ArrayList<>(boxed(request.prompt()));
        for (int i = 0; i < request.maxNewTokens(); i++) {
            try (Scope _ = Scope.open()) {
                int[] ids = all.stream().mapToInt(Integer::intValue).toArray();
                long[] best = model.decoder()
                        .logits(model.decoder().hidden(Packed.of(List.of(ids))))
                        .argmax(1)
                        .toLongs();
                all.add((int) best[best.length - 1]);
            }
        }
        return new Completion(
                all.stream()
                        .skip(request.prompt().length)
                        .mapToInt(Integer::intValue)
                        .toArray(),
                FinishReason.LENGTH);
    }

    @Test
    void a_seed_decides_its_text_whatever_runs_beside_it() {
        try (LanguageModel model = LanguageModel.create(Configs.qwen3(), 3)) {
            int[] prompt = {1, 2, 3};
            List<Generation> requests = IntStream.range(0, 9)
                    .mapToObj(i -> new Generation(
                            i % 2 == 0 ? prompt : new int[] {i},
                            4 + i,
                            new Sampler(1.1, i % 3 == 0 ? 5 : 0, 0.95, 0.01),
                            Set.of(7),
                            100 + i))
                    .toList();
            List<Completion> together = new Generator(model.decoder(), 9).generate(requests);
            assertThat(new Generator(model.decoder(), 4).generate(requests))
                    .usingRecursiveComparison()
                    .isEqualTo(together);
            for (int i = 0; i < requests.size(); i++) {
                assertThat(new Generator(model.decoder(), 1).generate(List.of(requests.get(i))))
                        .usingRecursiveComparison()
                        .isEqualTo(List.of(together.get(i)));
            }
            assertThat(together.get(0).ids()).isNotEqualTo(together.get(2).ids());
        }
    }

    @Test
    void a_listener_ends_its_own_text_with_the_token_it_has_heard() {
        try (LanguageModel model = LanguageModel.create(Configs.qwen2(), 3)) {
            List<Generation> requests = List.of(
                    Generation.greedy(new int[] {3}, 8, Set.of()), Generation.greedy(new int[] {4}, 8, Set.of()));
            List<Completion> free = new Generator(model.decoder(), 2).generate(requests);
            Map<Integer, Completion> done = new HashMap<>();
            new Generator(model.decoder(), 2)
                    .generate(
                            requests.iterator(),
                            new Generation.Listener() {
                                private int heard;

                                @Override
                                public boolean token(int request, int id) {
                                    return request == 1 || ++heard < 3;
                                }

                                @Override
                                public void finished(int request, Completion completion) {
                                    done.put(request, completion);
                                }
                            },
                            () -> false);
            assertThat(done.get(0).ids()).isEqualTo(Arrays.copyOf(free.get(0).ids(), 3));
            assertThat(done.get(0).reason()).isEqualTo(FinishReason.STOP);
            assertThat(done.get(1)).usingRecursiveComparison().isEqualTo(free.get(1));
        }
    }

    @Test
    void penalties_fall_on_tokens_of_the_prompt_and_the_text() {
        try (LanguageModel model = LanguageModel.create(Configs.qwen2(), 3)) {
            int[] prompt = {3, 4, 5};
            Penalties penalties = new Penalties(1.7, 0.2, 0.1);
            List<Integer> text = new ArrayList<>();
            for (int i = 0; i < 15; i++) {
                try (Scope _ = Scope.open()) {
                    int[] ids = IntStream.concat(
                                    IntStream.of(prompt), text.stream().mapToInt(x -> x))
                            .toArray();
                    float[] logits = model.decoder()
                            .logits(model.decoder().hidden(Packed.of(List.of(ids))))
                            .select(0, ids.length - 1)
                            .toFloats();
                    IntStream.of(ids)
                            .distinct()
                            .forEach(id -> logits[id] = logits[id] > 0 ? logits[id] / 1.7f : logits[id] * 1.7f);
                    text.stream().distinct().forEach(id -> logits[id] -= 0.2f);
                    text.forEach(id -> logits[id] -= 0.1f);
                    text.add(IntStream.range(0, logits.length)
                            .reduce((x, y) -> logits[y] > logits[x] ? y : x)
                            .orElseThrow());
                }
            }
            Generation plain = new Generation(prompt, 15, Sampler.GREEDY, Set.of(), 1);
            Sampler penalised = new Sampler(0, 0, 1, 0, penalties);
            List<Completion> texts = new Generator(model.decoder(), 3)
                    .generate(List.of(plain, new Generation(prompt, 15, penalised, Set.of(), 1)));
            assertThat(boxed(texts.get(1).ids())).isEqualTo(text);
            assertThat(texts.get(0).ids())
                    .isEqualTo(recomputed(model, plain).ids())
                    .isNotEqualTo(texts.get(1).ids());
        }
    }

    @Test
    void rows_that_end_leave_the_batch_and_the_others_go_on_as_before() {
        ModelConfig config = Configs.qwen2();
        try (LanguageModel model = LanguageModel.create(config, 3)) {
            List<Generation> requests = new ArrayList<>();
            for (int[] prompt : DecoderTest.sequences(config, 7, 4, 9, 2, 11, 6, 3, 8)) {
                requests.add(
                        new Generation(prompt, 2 + 5 * (requests.size() % 4), mixed(requests.size()), Set.of(), 9));
            }
            List<Completion> alone = requests.stream()
                    .map(request -> new Generator(model.decoder(), 1)
                            .generate(List.of(request))
                            .getFirst())
                    .toList();
            assertThat(new Generator(model.decoder(), 7).generate(requests))
                    .usingRecursiveComparison()
                    .isEqualTo(alone);
            assertThat(new Generator(model.decoder(), 3).generate(requests))
                    .usingRecursiveComparison()
                    .isEqualTo(alone);
        }
    }

    private static Sampler mixed(int i) {
        return switch (i % 4) {
            case 0 -> Sampler.at(1.2);
            case 1 -> new Sampler(0.9, 6, 0.95, 0.01, new Penalties(1.1, 0.3, 0.2));
            case 2 -> Sampler.GREEDY;
            default -> new Sampler(1, 0, 0.8, 0);
        };
    }

    @Test
    void stop_tokens_end_a_text_and_are_not_part_of_it() {
        try (LanguageModel model = LanguageModel.create(Configs.qwen2(), 3)) {
            int[] prompt = {3, 4};
            List<Integer> free = boxed(new Generator(model.decoder(), 1)
                    .generate(List.of(Generation.greedy(prompt, 8, Set.of())))
                    .get(0)
                    .ids());
            int stop = free.get(3);
            int first = free.indexOf(stop);
            List<String> heard = new ArrayList<>();
            new Generator(model.decoder(), 1)
                    .generate(
                            List.of(Generation.greedy(prompt, 8, Set.of(stop))).iterator(),
                            new Generation.Listener() {
                                @Override
                                public boolean token(int request, int id) {
                                    heard.add(request + ":" + id);
                                    return true;
                                }

                                @Override
                                public void finished(int request, Completion completion) {
                                    heard.add(completion.reason() + " " + Arrays.toString(completion.ids()));
                                }
                            },
                            () -> false);
            List<String> expected = new ArrayList<>();
            free.subList(0, first).forEach(id -> expected.add("0:" + id));
            expected.add("STOP " + free.subList(0, first));
            assertThat(heard).isEqualTo(expected);
        }
    }

    @Test
    void the_models_context_ends_a_text() {
        try (LanguageModel model = LanguageModel.create(Configs.qwen2(), 3)) {
            Generator generator = new Generator(model.decoder(), 2);
            Completion full = generator
                    .generate(List.of(Generation.greedy(new int[60], 100, Set.of())))
                    .get(0);
            assertThat(full.reason()).isEqualTo(FinishReason.LENGTH);
            assertThat(full.ids()).hasSize(4);
            assertThatThrownBy(() -> generator.generate(List.of(Generation.greedy(new int[64], 1, Set.of()))))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("context of 64");
            assertThatThrownBy(() -> generator.generate(List.of(Generation.greedy(new int[] {23}, 1, Set.of()))))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("23");
        }
    }

    @Test
    void asked_to_stop_it_hands_over_what_there_is() {
        try (LanguageModel model = LanguageModel.create(Configs.qwen2(), 3)) {
            List<Completion> done = new ArrayList<>();
            int[] asked = {0};
            new Generator(model.decoder(), 2)
                    .generate(
                            Stream.generate(() -> Generation.greedy(new int[] {1}, 20, Set.of()))
                                    .iterator(),
                            new Generation.Listener() {
                                @Override
                                public void finished(int request, Completion completion) {
                                    done.add(completion);
                                }
                            },
                            () -> asked[0]++ == 5);
            assertThat(done).hasSize(2).allMatch(c -> c.reason() == FinishReason.CANCELLED && c.ids().length == 6);
        }
    }

    @Test
    void the_first_draw_follows_the_models_probabilities() {
        ModelConfig config = Configs.qwen2();
        try (LanguageModel model = LanguageModel.create(config, 3);
                Scope _ = Scope.open()) {
            int n = 20_000;
            List<Completion> drawn = new Generator(model.decoder(), 500)
                    .generate(IntStream.range(0, n)
                            .mapToObj(seed -> new Generation(new int[] {5, 6}, 1, Sampler.at(0.8), Set.of(), seed))
                            .toList());
            Map<Integer, Integer> counts = new HashMap<>();
            drawn.forEach(c -> counts.merge(c.ids()[0], 1, Integer::sum));
            double[] logits = new ReferenceDecoder(config, DecoderTest.doubles(model)).logits(5, 6)[1];
            double[] p = Arrays.stream(logits).map(l -> Math.exp(l / 0.8)).toArray();
            double sum = Arrays.stream(p).sum();
            double chiSquared = 0;
            for (int i = 0; i < p.length; i++) {
                double wanted = n * p[i] / sum;
                chiSquared += Math.pow(counts.getOrDefault(i, 0) - wanted, 2) / wanted;
            }
            assertThat(chiSquared).as("22 degrees of freedom, p = 0.001").isLessThan(48.3);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"qwen2", "qwen2-bf16", "llama", "llama-f16", "qwen3", "qwen3-sharded", "mistral", "qwen3.5"})
    void greedy_texts_equal_the_references(String fixture) throws Exception {
        Path directory = Path.of("src/test/resources/families", fixture);
        JsonNode json = JSON.readTree(Files.readString(directory.resolve("expected.json")));
        List<Generation> requests = new ArrayList<>();
        List<int[]> expected = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int[] ids = ints(json.get("inputs").get("sequences").get(i));
            int prompt = json.get("inputs").get("prompt_lengths").get(i).asInt();
            requests.add(Generation.greedy(Arrays.copyOf(ids, prompt), 12, Set.of()));
            expected.add(ints(json.get("expected").get("greedy").get(i)));
        }
        try (LanguageModel model = LanguageModel.load(directory)) {
            assertThat(new Generator(model.decoder(), 2).generate(requests))
                    .extracting(Completion::ids)
                    .usingRecursiveComparison()
                    .isEqualTo(expected);
        }
    }

    @Test
    void a_pretrained_model_tells_its_stories() throws Exception {
        Path directory = Shared.resolve("models/stories260k");
        JsonNode cases = JSON.readTree(Files.readString(directory.resolve("golden.json")))
                .get("cases");
        List<Generation> requests = new ArrayList<>();
        List<int[]> expected = new ArrayList<>();
        for (JsonNode c : cases) {
            int[] greedy = ints(c.get("greedy_new_ids"));
            requests.add(Generation.greedy(ints(c.get("ids")), greedy.length, Set.of()));
            expected.add(greedy);
        }
        try (LanguageModel model = LanguageModel.load(directory)) {
            assertThat(new Generator(model.decoder(), 3).generate(requests))
                    .extracting(Completion::ids)
                    .usingRecursiveComparison()
                    .isEqualTo(expected);
        }
    }

    private static List<Integer> boxed(int[] ids) {
        return Arrays.stream(ids).boxed().toList();
    }

    private static int[] ints(JsonNode array) {
        return array.valueStream().mapToInt(JsonNode::asInt).toArray();
    }
}
