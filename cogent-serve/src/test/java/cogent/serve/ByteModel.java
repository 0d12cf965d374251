package cogent.serve;

import cogent.local.LocalChatModel;
import cogent.model.decoder.LanguageModel;
import cogent.model.generate.Sampler;
import cogent.model.hf.ModelConfig;
import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.model.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A tiny random model whose tokens are bytes: its texts are full of broken characters. Ids 0 to 255 are the bytes, 256 is
 * {@code <s>}, which stands before every text, 257 {@code </s>}.
 */
final class ByteModel {
    static final int CONTEXT = 200;
    private static final JsonMapper JSON = JsonMapper.shared();

    private ByteModel() {}

    /** Written to and loaded from the folder; drawn at temperature 1 unless a request says otherwise. */
    static LocalChatModel load(Path folder) throws IOException {
        Path source = Files.createDirectories(folder.resolve("source"));
        Files.writeString(source.resolve("tokenizer.json"), tokenizer());
        Files.writeString(source.resolve("tokenizer_config.json"), """
                {"bos_token": "<s>", "eos_token": "</s>", "chat_template":
                 "{% for m in messages %}{{ m.content }}{% endfor %}{% if loud %}!{% endif %}{{ raise_exception('no') if bad }}"}
                """);
        ModelConfig config = ModelConfig.of(JSON.readValue("""
                {"architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "vocab_size": 260, "hidden_size": 16,
                 "intermediate_size": 24, "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 1,
                 "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "max_position_embeddings": %d, "initializer_range": 0.5,
                 "tie_word_embeddings": true, "bos_token_id": 256, "eos_token_id": 257}
                """.formatted(CONTEXT), ObjectNode.class));
        Path saved = folder.resolve("bytes");
        try (LanguageModel model = LanguageModel.create(config, 5);
                Tokenizer tokenizer = Tokenizer.load(source)) {
            model.save(saved, DType.F32, tokenizer);
        }
        var settings =
                LocalChatModel.Settings.DEFAULT.withSampling(Sampler.at(1)).withMaxNewTokens(40);
        return LocalChatModel.load(saved, Device.CPU, DType.F32, settings);
    }

    private static String tokenizer() {
        ObjectNode vocabulary = JSON.createObjectNode();
        int others = 256;
        for (int b = 0; b < 256; b++) {
            boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
            vocabulary.put(Character.toString(printable ? b : others++), b);
        }
        return """
                {"version": "1.0", "normalizer": null,
                 "added_tokens": [
                   {"id": 256, "content": "<s>", "special": true, "single_word": false, "lstrip": false, "rstrip": false,
                    "normalized": false},
                   {"id": 257, "content": "</s>", "special": true, "single_word": false, "lstrip": false, "rstrip": false,
                    "normalized": false}],
                 "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false},
                 "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}},
                   {"Sequence": {"id": "A", "type_id": 0}}], "pair": [{"Sequence": {"id": "A", "type_id": 0}},
                   {"Sequence": {"id": "B", "type_id": 1}}],
                   "special_tokens": {"<s>": {"id": "<s>", "ids": [256], "tokens": ["<s>"]}}},
                 "decoder": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false},
                 "model": {"type": "BPE", "vocab": %s, "merges": []}}
                """.formatted(vocabulary);
    }
}
