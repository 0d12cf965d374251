package cogent.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cogent.data.InputException;
import cogent.model.decoder.LanguageModel;
import cogent.model.hf.ModelConfig;
import cogent.model.tensor.DType;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import cogent.model.text.ChatTemplate;
import cogent.model.text.Tokenizer;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class GgufImportTest {
    private static final Path TINY = Path.of("src/test/resources/tiny-tokenizer");

    @TempDir
    private Path folder;

    /** Made by ggml's Python package: tools/oracles/gguf_blocks.py. */
    @Test
    void quantised_blocks_hold_the_values_that_ggml_makes_of_them() throws IOException {
        int types = 0;
        try (InputStream file = Files.newInputStream(Path.of("src/test/resources/gguf/blocks.bin"));
                DataInputStream in = new DataInputStream(file)) {
            for (int length = in.read(); length >= 0; length = in.read()) {
                GgmlType type = GgmlType.valueOf(new String(in.readNBytes(length), StandardCharsets.US_ASCII));
                ByteBuffer blocks = little(in.readNBytes(Integer.reverseBytes(in.readInt())));
                int count = Integer.reverseBytes(in.readInt());
                ByteBuffer wanted = little(in.readNBytes(4 * count));
                float[] values = type.dequantised(blocks, count);
                assertThat(blocks.hasRemaining()).as(type.name()).isFalse();
                for (int i = 0; i < count; i++) {
                    assertThat(Float.floatToRawIntBits(values[i] + 0f))
                            .as("%s, value %d", type, i)
                            .isEqualTo(Float.floatToRawIntBits(wanted.getFloat() + 0f));
                }
                types++;
            }
        }
        assertThat(types).isEqualTo(GgmlType.values().length - 3);
    }

    @ParameterizedTest
    @CsvSource({
        "Qwen2ForCausalLM, F16",
        "Qwen3ForCausalLM, BF16",
        "LlamaForCausalLM, F32",
        "LlamaForCausalLM, Q8_0",
        "LlamaForCausalLM, Q4_K_M",
        "Qwen3ForCausalLM, Q4_K_M",
    })
    void an_exported_model_comes_back(String family, GgufType type) throws IOException {
        ObjectNode json = config(family).put("rope_theta", 5e5).put("tie_word_embeddings", family.startsWith("Qwen3"));
        if (family.startsWith("Llama")) {
            json.put("attention_bias", true);
        }
        try (LanguageModel model = LanguageModel.create(ModelConfig.of(json), 1);
                LanguageModel back = LanguageModel.load(imported(model, type))) {
            assertThat(back.config().ropes()).isEqualTo(model.config().ropes());
            assertThat(back.config().rmsNormEps()).isEqualTo(1e-5);
            assertThat(back.config().tiedEmbeddings()).isEqualTo(model.config().tiedEmbeddings());
            String output = model.config().tiedEmbeddings() ? "token_embd.weight" : "output.weight";
            GgufType.Model whole = new GgufType.Model(output, 2, 0, false);
            assertThat(back.config().dtype()).isEqualTo(type.of("", 32, whole).plain());
            assertThat(back.parameters().sequencedKeySet())
                    .containsExactlyElementsOf(model.parameters().sequencedKeySet());
            back.parameters().forEach((name, value) -> {
                try (Scope _ = Scope.open()) {
                    Tensor wanted = Objects.requireNonNull(model.parameters().get(name));
                    String theirs = Place.of(name, model.config(), Architecture.of(model.config()))
                            .name();
                    GgmlType kept = value.rank() == 1 ? GgmlType.F32 : type.of(theirs, value.size(-1), whole);
                    assertThat(value.toFloats()).as(name).isEqualTo(rounded(wanted, kept));
                }
            });
        }
    }

    /** What is said of each was also computed by llama.cpp: docs/decisions/gguf.md. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SmolLM3 {'num_hidden_layers': 4, 'tie_word_embeddings': true}",
                "Granite {'embedding_multiplier': 6.0, 'attention_multiplier': 0.2, 'residual_multiplier': 0.5,"
                        + " 'logits_scaling': 3.0, 'attention_bias': true, 'mlp_bias': true}",
                "Olmo2 {'rms_norm_eps': 1e-6}",
                "Phi3 {'sliding_window': 7}",
                "Phi3 {'partial_rotary_factor': 0.75, 'original_max_position_embeddings': 32, 'tie_word_embeddings': true,"
                        + " 'rope_scaling': {'type': 'longrope', 'short_factor': [1.0, 1.3, 1.7], 'long_factor': [1, 4, 9]}}",
                "Gemma3 {'query_pre_attn_scalar': 8, 'sliding_window': 5, 'sliding_window_pattern': 2,"
                        + " 'rope_theta': 1e6, 'rope_local_base_freq': 5000.0, 'rope_scaling': {'rope_type': 'linear', 'factor': 8.0}}",
                "Qwen3Moe {'num_experts': 5, 'num_experts_per_tok': 2, 'moe_intermediate_size': 32, 'norm_topk_prob': true}",
                "Qwen3_5 {'num_hidden_layers': 4, 'linear_num_key_heads': 2, 'linear_num_value_heads': 6,"
                        + " 'linear_key_head_dim': 4, 'linear_value_head_dim': 4, 'partial_rotary_factor': 0.75}"
            })
    void every_family_comes_back(String family) throws IOException {
        ObjectNode json = config(family.substring(0, family.indexOf(' ')) + "ForCausalLM");
        json.setAll((ObjectNode) JsonMapper.shared()
                .readTree(family.substring(family.indexOf('{')).replace('\'', '"')));
        try (LanguageModel model = LanguageModel.create(ModelConfig.of(json), 1);
                LanguageModel back = LanguageModel.load(imported(model, GgufType.F32))) {
            assertThat(back.config())
                    .usingRecursiveComparison()
                    .ignoringFields("source", "initializerRange", "maxPositions")
                    .withComparatorForType((a, b) -> Math.abs(a - b) <= 1e-6 * Math.abs(a) ? 0 : 1, Double.class)
                    .isEqualTo(model.config());
            assertThat(back.parameters().sequencedKeySet())
                    .containsExactlyElementsOf(model.parameters().sequencedKeySet());
            back.parameters().forEach((name, value) -> {
                float[] wanted =
                        Objects.requireNonNull(model.parameters().get(name)).toFloats();
                assertThat(value.toFloats()).as(name).containsExactly(wanted, within(1e-6f));
            });
        }
    }

    @Test
    void pieces_make_the_model_that_they_were_cut_from_and_a_wrong_one_is_told() throws IOException {
        try (LanguageModel model = LanguageModel.create(ModelConfig.of(config("Qwen3ForCausalLM")), 1)) {
            Path whole = exported(model, GgufType.Q8_0);
            GgufImport.write(whole, folder.resolve("whole"), _ -> {});
            Path[] pieces = {piece(1), piece(2), piece(3)};
            cut(Gguf.open(whole), pieces);
            GgufImport.write(pieces[1], folder.resolve("joined"), _ -> {});
            assertThat(folder.resolve("joined/model.safetensors"))
                    .hasSameBinaryContentAs(folder.resolve("whole/model.safetensors"));

            byte[] third = Files.readAllBytes(pieces[2]);
            Files.copy(pieces[1], pieces[2], StandardCopyOption.REPLACE_EXISTING);
            told(pieces[0], "m-00003-of-00003.gguf: piece 3 of 3 by its name, 2 of 3 by its contents");
            Files.delete(pieces[2]);
            told(pieces[0], "no file", "m-00003-of-00003.gguf", "side by side");
            Files.write(pieces[2], third);
            told(Files.copy(pieces[0], folder.resolve("renamed.gguf")), "one of 3 pieces", "-00001-of-00003.gguf");
            told(
                    Files.copy(whole, folder.resolve("n-00001-of-00002.gguf")),
                    "1 of 2 by its name, 1 of 1 by its contents");
            cut(
                    Gguf.open(whole),
                    new Path[] {folder.resolve("a-00001-of-00002.gguf"), folder.resolve("a-00002-of-00002.gguf")});
            cut(
                    Gguf.open(pieces[0]),
                    new Path[] {folder.resolve("c-1.gguf"), folder.resolve("a-00002-of-00002.gguf")},
                    1);
            told(folder.resolve("a-00001-of-00002.gguf"), "not of one model");
        }
    }

    private Path piece(int number) {
        return folder.resolve("m-0000" + number + "-of-00003.gguf");
    }

    private static void told(Path file, String... what) {
        assertThatThrownBy(() -> Gguf.open(file))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll(what);
    }

    private static void cut(Gguf whole, Path[] pieces) throws IOException {
        cut(whole, pieces, 0);
    }

    /** As llama-gguf-split does it: metadata in the first, tensors by turns, numbered from the given one on. */
    private static void cut(Gguf whole, Path[] pieces, int skipped) throws IOException {
        try (Scope _ = Scope.open()) {
            List<List<GgufFile.Entry>> shares = new ArrayList<>();
            for (Path _ : pieces) {
                shares.add(new ArrayList<>());
            }
            int turn = skipped;
            for (var e : whole.tensors().entrySet()) {
                Gguf.Entry entry = e.getValue();
                float[] values = new float[Math.toIntExact(entry.rows() * entry.columns())];
                for (int row = 0; row < entry.rows(); row++) {
                    float[] one = entry.type().dequantised(entry.row(row), (int) entry.columns());
                    System.arraycopy(one, 0, values, row * one.length, one.length);
                }
                shares.get(turn++ % pieces.length)
                        .add(new GgufFile.Entry(e.getKey(), entry.type(), Tensors.of(values, entry.shape())));
            }
            for (int i = 0; i < pieces.length; i++) {
                LinkedHashMap<String, Object> about = new LinkedHashMap<>();
                if (i == 0) {
                    whole.metadata().forEach((key, value) -> about.put(key, written(value)));
                }
                about.put("split.no", i);
                about.put("split.count", pieces.length);
                about.put("split.tensors.count", whole.tensors().size());
                new GgufFile(about, shares.get(i)).write(pieces[i]);
            }
        }
    }

    private static Object written(Object value) {
        return switch (value) {
            case Long n -> n.intValue();
            case Double x -> x.floatValue();
            case List<?> all
            when all.getFirst() instanceof Long ->
                all.stream().mapToInt(n -> ((Long) n).intValue()).toArray();
            default -> value;
        };
    }

    private static float[] rounded(Tensor values, GgmlType kept) {
        float[] all = values.to(kept.plain()).to(DType.F32).toFloats();
        return kept.block() == 1 ? all : kept.dequantised(Quantiser.blocks(kept, all), all.length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-tokenizer", "tokens/llama3", "tokens/qwen", "tokens/sentencepiece", "gemma"})
    void the_tokenizer_in_the_file_makes_the_same_tokens(String kind) throws IOException {
        Path files = kind.equals("gemma") ? likeGemmas() : Path.of("src/test/resources", kind);
        try (Tokenizer ours = Tokenizer.load(files);
                LanguageModel model = LanguageModel.create(
                        ModelConfig.of(config("Qwen2ForCausalLM").put("vocab_size", ours.vocabSize() + 3)), 1)) {
            Path file = folder.resolve("model.gguf");
            GgufModel.write("model", model, ours, GgufType.F16, file);
            Path directory = folder.resolve("imported");
            GgufImport.write(file, directory, _ -> {});
            try (Tokenizer back = Tokenizer.load(directory)) {
                for (String text : new String[] {
                    "", "Hello  world, it's 1234!\n\n x", "Ünïcode 漢字 🙂", "a<|im_end|>b", " \t ", " a"
                }) {
                    assertThat(back.encodeWithSpecialTokens(text))
                            .as(text)
                            .isEqualTo(ours.encodeWithSpecialTokens(text));
                    assertThat(back.decode(back.encode(text))).as(text).isEqualTo(ours.decode(ours.encode(text)));
                }
                assertThat(back.stopIds()).isEqualTo(ours.stopIds());
                for (String special : List.of("bos_token", "eos_token", "unk_token", "pad_token")) {
                    assertThat(back.specialId(special)).as(special).isEqualTo(ours.specialId(special));
                }
                assertThat(ChatTemplate.text(directory)).isEqualTo(ChatTemplate.text(files));
            }
        }
    }

    /** Spaces become part of the word before them, and none is put before a text. */
    private Path likeGemmas() throws IOException {
        Path files = Path.of("src/test/resources/tokens/sentencepiece");
        ObjectNode json = (ObjectNode)
                JsonMapper.shared().readTree(files.resolve("tokenizer.json").toFile());
        json.set("normalizer", json.at("/normalizer/normalizers/1"));
        json.putObject("pre_tokenizer")
                .put("type", "Split")
                .put("behavior", "MergedWithPrevious")
                .put("invert", false)
                .putObject("pattern")
                .put("String", " ");
        ((ArrayNode) json.at("/decoder/decoders")).remove(3);
        Path made = Files.createDirectory(folder.resolve("gemma"));
        Files.writeString(made.resolve("tokenizer.json"), json.toString());
        Files.copy(files.resolve("tokenizer_config.json"), made.resolve("tokenizer_config.json"));
        return made;
    }

    /** That llama.cpp computes these as transformers does was seen: docs/decisions/gguf.md. */
    @ParameterizedTest
    @CsvSource({
        "Qwen2, 1.3",
        "Qwen3, 1.1386294361119891",
        "SmolLM3, 0.9",
        "Granite, 1.2",
        "Olmo2, 1.5",
    })
    void yarn_comes_back_with_its_own_factor_of_attention(String family, double attention) throws IOException {
        ObjectNode json = config(family + "ForCausalLM").put("num_hidden_layers", 4);
        json.putObject("rope_scaling")
                .put("rope_type", "yarn")
                .put("factor", 4.0)
                .put("original_max_position_embeddings", 16)
                .put("attention_factor", attention);
        try (LanguageModel model = LanguageModel.create(ModelConfig.of(json), 1)) {
            ModelConfig back = ModelConfig.read(imported(model, GgufType.F32).resolve("config.json"));
            assertThat(back.ropes().getFirst().frequencies())
                    .isEqualTo(model.config().ropes().getFirst().frequencies());
            assertThat(back.ropes().getFirst().scale()).isCloseTo(attention, within(1e-6));
        }
    }

    @Test
    void llama_3s_positions_are_told_from_their_factors() throws IOException {
        ObjectNode json = config("LlamaForCausalLM").put("rope_theta", 5e5).put("max_position_embeddings", 131_072);
        json.putObject("rope_scaling")
                .put("rope_type", "llama3")
                .put("factor", 32.0)
                .put("low_freq_factor", 1.0)
                .put("high_freq_factor", 4.0)
                .put("original_max_position_embeddings", 8192);
        try (LanguageModel model = LanguageModel.create(ModelConfig.of(json), 1)) {
            ModelConfig back = ModelConfig.read(imported(model, GgufType.F32).resolve("config.json"));
            assertThat(back.ropes()).isEqualTo(model.config().ropes());
        }
    }

    @Test
    void what_cannot_be_read_is_refused_by_name_and_nothing_is_left_behind() throws IOException {
        Map<String, Object> about = Map.of("general.architecture", "gpt2");
        assertThatThrownBy(() -> GgufImport.write(written(about), folder.resolve("out"), _ -> {}))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll(
                        "\"gpt2\"", "gemma3, granite, llama, olmo2, phi3, qwen2, qwen3, qwen35, qwen3moe, smollm3");
        assertThatThrownBy(() -> GgufImport.write(folder.resolve("none.gguf"), folder.resolve("out"), _ -> {}))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no file");
        assertThatThrownBy(() -> GgufImport.write(folder, folder.resolve("out"), _ -> {}))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is a directory");
        try (LanguageModel model = LanguageModel.create(ModelConfig.of(config("LlamaForCausalLM")), 1)) {
            Path file = exported(model, GgufType.F16);
            byte[] renamed = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                    .replace("smollm", "smallm")
                    .replace("gpt-2", "gpt-9")
                    .replace("qwen2", "qwenX")
                    .getBytes(StandardCharsets.ISO_8859_1);
            Files.write(file, renamed);
            assertThatThrownBy(() -> GgufImport.write(file, folder.resolve("out"), _ -> {}))
                    .isInstanceOf(InputException.class)
                    .hasMessageContainingAll("tokenizer.ggml.pre", "known are");
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(path -> path.getFileName().toString())).allMatch(name -> name.endsWith(".gguf"));
        }
    }

    @Test
    void numbers_that_are_none_and_a_tokenizer_that_does_not_load_are_told_by_the_file() throws IOException {
        try (LanguageModel model = LanguageModel.create(ModelConfig.of(config("LlamaForCausalLM")), 1)) {
            Path file = exported(model, GgufType.Q8_0);
            byte[] good = Files.readAllBytes(file);
            Gguf gguf = Gguf.open(file);

            byte[] infinite = good.clone();
            int scale = (int) gguf.tensors().get("blk.1.ffn_up.weight").at();
            little(infinite).putShort(scale, Float.floatToFloat16(Float.POSITIVE_INFINITY));
            assertThatThrownBy(() -> GgufImport.write(changed(infinite), folder.resolve("out"), _ -> {}))
                    .isInstanceOf(InputException.class)
                    .hasMessageContainingAll("changed.gguf: blk.1.ffn_up.weight holds", "in row 0", "damaged");

            String text = new String(good, StandardCharsets.ISO_8859_1);
            byte[] merge =
                    gguf.list("tokenizer.ggml.merges", String.class).getFirst().getBytes(StandardCharsets.UTF_8);
            int end =
                    text.indexOf(new String(merge, StandardCharsets.ISO_8859_1), text.indexOf("tokenizer.ggml.merges"))
                            + merge.length;
            byte[] unmergeable = good.clone();
            unmergeable[end - 1] = 1; // no token has this sign
            assertThatThrownBy(() -> GgufImport.write(changed(unmergeable), folder.resolve("out"), _ -> {}))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("changed.gguf: its tokenizer")
                    .hasMessageNotContaining(".tmp");
            assertThat(folder.resolve("out")).doesNotExist();
        }
    }

    private Path changed(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("changed.gguf"), bytes);
    }

    @Test
    void a_big_endian_file_is_told_as_one() {
        byte[] header = ByteBuffer.allocate(24)
                .order(ByteOrder.BIG_ENDIAN)
                .put("GGUF".getBytes(StandardCharsets.US_ASCII))
                .putInt(3)
                .array();

        assertThatThrownBy(() -> Gguf.open(Path.of("big.gguf"), MemorySegment.ofArray(header)))
                .hasMessageContaining("big.gguf: a big-endian GGUF file");
    }

    @Test
    void a_file_that_does_not_say_begins_texts_as_llama_cpp_does() throws IOException {
        assertThat(GgufVocabulary.tokenizer(Gguf.open(written(sentencePiece(Map.of()))))
                        .at("/post_processor/single/0/SpecialToken/id")
                        .asString(""))
                .isEqualTo("<s>");
        Map<String, Object> without = Map.of("tokenizer.ggml.add_bos_token", false);
        assertThat(GgufVocabulary.tokenizer(Gguf.open(written(sentencePiece(without))))
                        .path("post_processor")
                        .isNull())
                .isTrue();
    }

    private static Map<String, Object> sentencePiece(Map<String, Object> more) {
        Map<String, Object> about = new java.util.HashMap<>(more);
        about.put("tokenizer.ggml.model", "llama");
        about.put("tokenizer.ggml.tokens", java.util.List.of("<unk>", "<s>", "a"));
        about.put("tokenizer.ggml.token_type", new int[] {2, 3, 1});
        about.put("tokenizer.ggml.scores", new float[] {0, 0, 0});
        about.put("tokenizer.ggml.bos_token_id", 1);
        return about;
    }

    @Test
    void a_file_that_is_cut_off_or_damaged_anywhere_ends_in_a_message() throws IOException {
        byte[] good;
        try (LanguageModel model = LanguageModel.create(ModelConfig.of(config("Qwen2ForCausalLM")), 1)) {
            good = Files.readAllBytes(exported(model, GgufType.Q8_0));
        }
        Random random = new Random(26);
        for (int round = 0; round < 3000; round++) {
            byte[] bad = good.clone();
            int from = round % 3 == 0 ? random.nextInt(bad.length) : random.nextInt(4000);
            if (round % 2 == 0) {
                bad = java.util.Arrays.copyOf(bad, from);
            } else {
                for (int i = 0; i < 1 + round % 5; i++) {
                    bad[Math.min(bad.length - 1, from + i)] = (byte) random.nextInt(256);
                }
            }
            try {
                Gguf gguf = Gguf.open(Path.of("fuzzed.gguf"), MemorySegment.ofArray(bad));
                ObjectNode config = GgufConfig.of(gguf);
                ModelConfig.of(config);
                GgufVocabulary.tokenizer(gguf);
                GgufVocabulary.config(gguf);
                GgufVocabulary.generation(gguf);
            } catch (InputException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private Path written(Map<String, Object> about) throws IOException {
        Path file = folder.resolve("other.gguf");
        new GgufFile(new java.util.LinkedHashMap<>(about), java.util.List.of()).write(file);
        return file;
    }

    private Path exported(LanguageModel model, GgufType type) throws IOException {
        Path file = folder.resolve("model.gguf");
        Path beside = Files.writeString(folder.resolve("model.gguf.tmp"), "mine");
        try (Tokenizer tokenizer = Tokenizer.load(TINY)) {
            GgufModel.write("model", model, tokenizer, type, file);
        }
        assertThat(beside).hasContent("mine");
        Files.delete(beside);
        return file;
    }

    private Path imported(LanguageModel model, GgufType type) throws IOException {
        Path directory = folder.resolve("imported");
        GgufImport.write(exported(model, type), directory, _ -> {});
        return directory;
    }

    private static ObjectNode config(String family) {
        ObjectNode json = (ObjectNode) JsonMapper.shared().readTree("""
                {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4,
                 "num_key_value_heads": 2, "head_dim": 8, "vocab_size": 300, "rms_norm_eps": 1e-5,
                 "max_position_embeddings": 64, "initializer_range": 0.3, "torch_dtype": "float32", "eos_token_id": 0}
                """);
        json.putArray("architectures").add(family);
        return json;
    }
}
