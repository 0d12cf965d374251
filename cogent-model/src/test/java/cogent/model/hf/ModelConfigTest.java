package cogent.model.hf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cogent.data.InputException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ModelConfigTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{'architectures':['GPT2LMHeadModel']}|GPT2LMHeadModel is not supported",
                "{'architectures':null,'model_type':'mamba'}|model_type mamba is not supported",
                "{'hidden_act':'gelu'}|hidden_act",
                "{'quantization_config':{'bits':4}}|take the model that was not quantised",
                "{'num_local_experts':8}|num_local_experts",
                "{'num_experts':8}|num_experts 8 is not supported",
                "{'architectures':['Qwen3MoeForCausalLM'],'num_experts':4}|num_experts_per_tok must be at most num_experts 4",
                "{'architectures':['Qwen3MoeForCausalLM'],'num_experts':0}|num_experts must be a positive whole number",
                "{'architectures':['Qwen3MoeForCausalLM'],'num_experts':100000}|num_experts 100,000 is larger",
                "{'architectures':['Qwen3MoeForCausalLM'],'mlp_only_layers':[0.5]}|mlp_only_layers must be a list of layers",
                "{'architectures':['Qwen3MoeForCausalLM'],'decoder_sparse_step':0}|decoder_sparse_step",
                "{'architectures':['Qwen3MoeForCausalLM'],'output_router_logits':true}|output_router_logits true is not supported",
                "{'norm_topk_prob':1}|norm_topk_prob must be true or false",
                "{'architectures':['Qwen3NextForCausalLM']}|Qwen3NextForCausalLM is not supported; supported are",
                "{'architectures':['Qwen3_5ForCausalLM'],'attn_output_gate':false}|attn_output_gate false is not supported",
                "{'architectures':['Qwen3_5ForCausalLM'],'linear_num_value_heads':3}|linear_num_value_heads 3 is not a multiple",
                "{'architectures':['Qwen3_5ForCausalLM'],'linear_conv_kernel_dim':65}|linear_conv_kernel_dim 65 is larger",
                "{'architectures':['Qwen3_5ForCausalLM'],'linear_key_head_dim':1000000}|linear_num_key_heads × linear_key_head_dim",
                "{'architectures':['Qwen3_5ForCausalLM'],'layer_types':['full_attention']}|layer_types has 1",
                "{'architectures':['Qwen3_5ForCausalLM'],'layer_types':['sliding_attention','linear_attention']}|sliding_attention",
                "{'architectures':['Qwen3_5ForCausalLM'],'full_attention_interval':0}|full_attention_interval",
                "{'architectures':['Qwen3_5ForConditionalGeneration'],'text_config':'x'}|text_config must be an object",
                "{'architectures':['Qwen3_5ForConditionalGeneration'],'quantization_config':{'bits':4}}|quantization_config",
                "{'rope_scaling':{'rope_type':'longrope','factor':2}}|rope_scaling.short_factor must be a list of 64",
                "{'rope_scaling':{'rope_type':'linear','factor':-2}}|factor",
                "{'layer_types':['full_attention','linear_attention']}|linear_attention",
                "{'layer_types':['full_attention']}|layer_types has 1",
                "{'num_key_value_heads':3}|multiple",
                "{'hidden_size':null}|hidden_size is missing",
                "{'hidden_size':0}|positive",
                "{'vocab_size':'many'}|vocab_size",
                "{'head_dim':7}|odd",
                "{'torch_dtype':'int8'}|dtype",
                "{'attention_dropout':1}|attention_dropout must be below 1",
                "{'partial_rotary_factor':0.5}|partial_rotary_factor",
                "{'rope_parameters':{'rope_type':'default','partial_rotary_factor':0.25}}|partial_rotary_factor",
                "{'rope_parameters':{'full_attention':{'rope_theta':1e6}}}|every kind of layer",
                "{'rope_scaling':'yarn'}|must be an object",
                "{'rope_scaling':{'type':'dynamic','factor':2}}|dynamic",
                "{'rope_theta':-1}|rope_theta",
                "{'num_hidden_layers':1000000000}|num_hidden_layers",
                "{'num_hidden_layers':100000}|num_hidden_layers",
                "{'head_dim':2000000000}|head_dim 2,000,000,000 is larger than any decoder's",
                "{'vocab_size':2147483647}|vocab_size 2,147,483,647 is larger",
                "{'hidden_size':99999999999}|hidden_size must be",
                "{'rms_norm_eps':''}|rms_norm_eps must be a number",
                "{'rms_norm_eps':-1}|rms_norm_eps must be a number",
                "{'rms_norm_eps':'1e-6'}|rms_norm_eps must be a number",
                "{'initializer_range':[]}|initializer_range must be a number",
                "{'tie_word_embeddings':'false'}|tie_word_embeddings must be true or false",
                "{'attention_bias':1}|attention_bias must be true or false",
                "{'use_sliding_window':'yes'}|use_sliding_window must be true or false",
                "{'max_window_layers':'28'}|max_window_layers must be a number",
                "{'hidden_act':5}|hidden_act must be text",
                "{'attention_dropout':'none'}|attention_dropout must be a number",
                "{'max_position_embeddings':-1}|max_position_embeddings",
                "{'rope_theta':'1e6'}|rope_theta must be",
                "{'rope_scaling':{'rope_type':4}}|rope_scaling.rope_type must be text",
                "{'rope_scaling':{'rope_type':'yarn','factor':2,'beta_fast':''}}|rope_scaling.beta_fast",
                "{'rope_scaling':{'rope_type':'yarn','factor':2,'truncate':'no'}}|rope_scaling.truncate",
                "{'rope_parameters':{'rope_type':'yarn','factor':2,'attention_factor':'x'}}|attention_factor",
                "{'dtype':16}|dtype must be text",
                "{'architectures':['LlamaForCausalLM'],'layer_types':['sliding_attention','full_attention']}|sliding_attention",
                "{'architectures':['LlamaForCausalLM'],'hidden_size':18}|not a multiple",
                "{'architectures':['SmolLM3ForCausalLM'],'no_rope_layers':[1]}|for each of 2 layers",
                "{'architectures':['SmolLM3ForCausalLM'],'no_rope_layers':[1,2]}|no_rope_layers 2 must be 0 or 1",
                "{'architectures':['SmolLM3ForCausalLM'],'no_rope_layer_interval':0}|no_rope_layer_interval",
                "{'architectures':['GraniteForCausalLM'],'logits_scaling':0}|logits_scaling must be a positive number",
                "{'architectures':['GraniteForCausalLM'],'embedding_multiplier':'12'}|embedding_multiplier must be",
                "{'architectures':['GraniteForCausalLM'],'layer_types':['sliding_attention','full_attention']}|sliding_attention",
                "{'architectures':['GraniteMoeForCausalLM']}|GraniteMoeForCausalLM is not supported",
                "{'architectures':['Olmo2ForCausalLM'],'hidden_act':'gelu'}|hidden_act",
                "{'architectures':['Olmo3ForCausalLM']}|Olmo3ForCausalLM is not supported; supported are Gemma3ForCausalLM,",
                "{'architectures':['Phi3ForCausalLM'],'resid_pdrop':-0.1}|resid_pdrop",
                "{'architectures':['Phi3ForCausalLM'],'partial_rotary_factor':0.3}|rotary positions need pairs",
                "{'architectures':['Phi3ForCausalLM'],'partial_rotary_factor':1.5}|partial_rotary_factor 1.5",
                "{'architectures':['Phi3ForCausalLM'],'rope_scaling':{'type':'su','short_factor':[1,0]}}|a list of 2 positive numbers",
                "{'architectures':['Phi3ForCausalLM'],'rope_scaling':{'type':'longrope','short_factor':[1,1,1]}}|a list of 2",
                "{'architectures':['Gemma3ForCausalLM'],'hidden_activation':'gelu'}|hidden_activation",
                "{'architectures':['Gemma3ForCausalLM'],'final_logit_softcapping':30.0}|final_logit_softcapping",
                "{'architectures':['Gemma3ForCausalLM'],'use_bidirectional_attention':true}|use_bidirectional_attention",
                "{'architectures':['Gemma3ForCausalLM'],'rope_scaling':{'rope_type':'dynamic'}}|dynamic",
                "{'architectures':['Gemma3ForConditionalGeneration']}|Gemma3ForConditionalGeneration is not supported",
                "{'architectures':['Qwen2MoeForCausalLM']}|Qwen2MoeForCausalLM is not supported",
                "{'is_causal':false}|is_causal false is not supported",
                "{'per_layer_config':{'0':{'head_dim':4}}}|per_layer_config",
                "{'layer_types':['sliding_attention','full_attention']}|no sliding_window is given or switched on",
                "{'use_sliding_window':true,'sliding_window':null,'layer_types':['sliding_attention','full_attention']}|no sliding_window",
                "{'architectures':['Qwen3MoeForCausalLM'],'use_sliding_window':true,'layer_types':['sliding_attention','full_attention']}|layer_types [",
                "{'architectures':['Phi3ForCausalLM'],'sliding_window':3,'layer_types':['full_attention','full_attention']}|layer_types [",
                "{'architectures':['Phi3ForCausalLM'],'rope_scaling':{'type':'linear','factor':2}}|rope_type linear is not supported in this family",
                "{'architectures':['Phi3ForCausalLM'],'rope_scaling':{'type':'yarn','factor':2}}|short_factor",
                "{'architectures':['Gemma3ForCausalLM'],'sliding_window':null}|sliding_window must be a positive whole number",
                "{'architectures':['Gemma3ForCausalLM'],'rope_parameters':{'rope_type':'default'}}|rope_parameters.full_attention is missing",
                "{'architectures':['Gemma3ForCausalLM'],'rope_scaling':{'type':'linear','factor':2}}|rope_scaling.type must be called rope_type",
                "{'rope_scaling':{'type':'llama3','factor':8,'low_freq_factor':4,'high_freq_factor':4}}|above low_freq_factor",
            })
    void what_is_not_supported_is_refused_by_name(String change, String message) {
        assertThatThrownBy(() -> with("Qwen3", change))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "llama, LlamaForCausalLM",
        "qwen2, Qwen2ForCausalLM",
        "qwen3, Qwen3ForCausalLM",
        "gemma3_text, Gemma3ForCausalLM",
        "phi3, Phi3ForCausalLM",
        "olmo2, Olmo2ForCausalLM",
        "smollm3, SmolLM3ForCausalLM",
        "granite, GraniteForCausalLM",
        "mistral, MistralForCausalLM"
    })
    void a_config_that_names_no_class_is_of_the_one_that_transformers_takes_by_its_type(String type, String named) {
        ObjectNode json = Configs.json("x").put("model_type", type);
        json.remove("architectures");
        ModelConfig config = ModelConfig.of(json);
        assertThat(config.architecture()).isEqualTo(named);
        assertThat(config.source().path("architectures").path(0).asString()).isEqualTo(named);
        assertThat(json.has("architectures")).isFalse();
        json.putArray("architectures");
        assertThat(ModelConfig.of(json).architecture()).isEqualTo(named);
    }

    @Test
    void families_differ_in_what_their_configs_leave_out() {
        ModelConfig qwen2 = Configs.qwen2();
        assertThat(qwen2.qkvBias()).isTrue();
        assertThat(qwen2.outputBias()).isFalse();
        assertThat(qwen2.headDim()).isEqualTo(4);
        ModelConfig qwen3 = ModelConfig.of(Configs.json("Qwen3ForCausalLM"));
        assertThat(qwen3.headDim()).isEqualTo(128);
        assertThat(qwen3.qkNorm()).isEqualTo(QkNorm.HEAD);
        assertThat(qwen3.qkvBias()).isFalse();
        assertThat(ModelConfig.of(Configs.json("MistralForCausalLM")).windows()).containsOnly(4096);
        ObjectNode endless = Configs.json("MistralForCausalLM");
        endless.putNull("sliding_window");
        assertThat(ModelConfig.of(endless).windows()).containsOnly(ModelConfig.FULL);
    }

    @Test
    void what_a_family_leaves_unsaid_is_what_transformers_takes_it_for() {
        ModelConfig smollm3 = ModelConfig.of(Configs.json("SmolLM3ForCausalLM").put("num_hidden_layers", 5));
        assertThat(smollm3.ropes().stream().map(Rope.NONE::equals)).containsExactly(false, false, false, true, false);
        assertThat(smollm3.tiedEmbeddings()).isTrue();
        ModelConfig gemma3 = ModelConfig.of(Configs.json("Gemma3ForCausalLM").put("num_hidden_layers", 7));
        assertThat(gemma3.windows()).containsExactly(4096, 4096, 4096, 4096, 4096, ModelConfig.FULL, 4096);
        assertThat(gemma3.headDim()).isEqualTo(256);
        assertThat(gemma3.multipliers()).isEqualTo(new Multipliers(4, 1 / 16.0, 1, 1));
        assertThat(gemma3.tiedEmbeddings()).isTrue();
        Experts experts = ModelConfig.of(Configs.json("Qwen3MoeForCausalLM").put("decoder_sparse_step", 2))
                .experts();
        assertThat(experts).isEqualTo(new Experts(128, 8, 768, false, List.of(false, true)));
        assertThat(ModelConfig.of(Configs.json("Phi3ForCausalLM")).windows()).containsOnly(ModelConfig.FULL);
        assertThat(ModelConfig.of(Configs.json("GraniteForCausalLM")).multipliers())
                .isEqualTo(new Multipliers(1, 1, 1, 1));
    }

    /** Beyond it every frequency is another, and with it all that was computed so far. */
    @Test
    void longrope_is_held_to_the_context_that_its_short_factors_are_for() {
        ModelConfig phi = Configs.phi3();
        assertThat(phi.maxPositions()).isEqualTo(32);
        assertThat(phi.ropes().getFirst().frequencies()).hasSize(3);
        assertThat(phi.ropes().getFirst().scale()).isCloseTo(Math.sqrt(1 + Math.log(2) / Math.log(32)), within(1e-12));
    }

    @Test
    void qwens_window_counts_only_when_it_is_used_and_from_its_layer_on() {
        ObjectNode json =
                Configs.json("Qwen2ForCausalLM").put("sliding_window", 5).put("max_window_layers", 1);
        assertThat(ModelConfig.of(json).windows()).containsOnly(ModelConfig.FULL);
        json.put("use_sliding_window", false);
        assertThat(ModelConfig.of(json).windows()).containsOnly(ModelConfig.FULL);
        json.put("use_sliding_window", true);
        assertThat(ModelConfig.of(json).windows()).containsExactly(ModelConfig.FULL, 5);
        json.putArray("layer_types").add("sliding_attention").add("full_attention");
        assertThat(ModelConfig.of(json).windows()).containsExactly(5, ModelConfig.FULL);
    }

    /** Qwen2.5's long-context setting; the numbers follow from the YaRN paper's formulas, worked by hand. */
    @Test
    void yarn_slows_long_waves_and_leaves_short_ones() {
        ObjectNode json = Configs.json("Qwen2ForCausalLM").put("head_dim", 128).put("rope_theta", 1e6);
        json.putObject("rope_scaling")
                .put("type", "yarn")
                .put("factor", 4.0)
                .put("original_max_position_embeddings", 32768);
        Rope rope = ModelConfig.of(json).ropes().getFirst();
        // pair 23 turns 36 times in 32768 positions, pair 24 29 times; pair 39 1.15 times, pair 40 0.93 times
        assertThat(rope.frequencies().get(0)).isEqualTo(1.0);
        assertThat(rope.frequencies().get(23)).isCloseTo(Math.pow(1e6, -46 / 128.0), within(1e-12));
        assertThat(rope.frequencies().get(40)).isCloseTo(Math.pow(1e6, -80 / 128.0) / 4, within(1e-12));
        double middle = rope.frequencies().get(30) / Math.pow(1e6, -60 / 128.0);
        assertThat(middle).isCloseTo(1 - 0.75 * 7 / 17, within(1e-9));
        assertThat(rope.scale()).isCloseTo(0.1 * Math.log(4) + 1, within(1e-12));
    }

    @Test
    void the_old_and_the_new_layout_of_rotary_settings_say_the_same() {
        ObjectNode old = Configs.json("LlamaForCausalLM").put("rope_theta", 5e5);
        old.putObject("rope_scaling").put("type", "linear").put("factor", 2.0);
        ObjectNode fresh = Configs.json("LlamaForCausalLM");
        fresh.remove("rope_theta");
        fresh.putObject("rope_parameters")
                .put("rope_type", "linear")
                .put("factor", 2.0)
                .put("rope_theta", 5e5);
        assertThat(ModelConfig.of(fresh).ropes().getFirst())
                .isEqualTo(ModelConfig.of(old).ropes().getFirst());
        ObjectNode yarn = Configs.json("Qwen2ForCausalLM").put("max_position_embeddings", 64);
        yarn.putObject("rope_scaling").put("type", "yarn").put("original_max_position_embeddings", 16);
        Rope stretched = ModelConfig.of(yarn).ropes().getFirst();
        ((ObjectNode) yarn.get("rope_scaling")).put("factor", 4.0);
        assertThat(ModelConfig.of(yarn).ropes().getFirst()).isEqualTo(stretched);
    }

    /** Each pair read as transformers 5.24 reads it: of two places that a value can stand at, one has the last word. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "Qwen2|{'use_sliding_window':true,'max_window_layers':0}|{'use_sliding_window':true,'max_window_layers':0,'sliding_window':4096}",
                "Qwen3Moe|{'use_sliding_window':true}|{'use_sliding_window':true,'sliding_window':4096}",
                "SmolLM3|{'use_sliding_window':true}|{'use_sliding_window':false}",
                "Qwen3|{'mlp_bias':true}|{'mlp_bias':false}",
                "Llama|{'hidden_act':'swish'}|{'hidden_act':'silu'}",
                "Llama|{'rope_scaling':{'type':'yarn','factor':4,'mscale':0,'mscale_all_dim':0.5}}|{'rope_scaling':{'type':'yarn','factor':4}}",
                "Llama|{'rope_scaling':{'type':'yarn','factor':4,'original_max_position_embeddings':16},'original_max_position_embeddings':32}"
                        + "|{'rope_scaling':{'type':'yarn','factor':4,'original_max_position_embeddings':32}}",
                "Llama|{'rope_scaling':{'type':'llama3','factor':8,'low_freq_factor':1,'high_freq_factor':4}}"
                        + "|{'rope_scaling':{'type':'llama3','factor':8,'low_freq_factor':1,'high_freq_factor':4,"
                        + "'original_max_position_embeddings':64}}",
                "Llama|{'rope_scaling':{'type':'linear','factor':4},'rope_parameters':{'rope_type':'default','rope_theta':7}}"
                        + "|{'rope_scaling':{'type':'linear','factor':4}}",
                "Llama|{'rope_scaling':{},'rope_parameters':{'rope_type':'linear','factor':4}}"
                        + "|{'rope_scaling':{'type':'linear','factor':4}}",
                "Gemma3|{'rope_scaling':{'rope_type':'linear','factor':4},'rope_parameters':{'full_attention':{'rope_theta':7}}}"
                        + "|{'rope_parameters':{'full_attention':{'rope_type':'linear','factor':4,'rope_theta':7}}}",
                "Gemma3|{'rope_parameters':{'sliding_attention':{'rope_theta':7}},'rope_theta':1000}"
                        + "|{'rope_local_base_freq':7,'rope_theta':1000}",
                "Phi3|{'max_position_embeddings':8192,'rope_scaling':{'type':'yarn','short_factor':[1,2],'long_factor':[1,3],"
                        + "'original_max_position_embeddings':16}}"
                        + "|{'max_position_embeddings':8192,'rope_scaling':{'type':'su','short_factor':[1,2],'long_factor':[1,3]},"
                        + "'original_max_position_embeddings':4096}",
            })
    void what_stands_in_two_places_or_in_none_is_what_transformers_takes(String family, String said, String meant) {
        assertThat(with(family, said))
                .usingRecursiveComparison()
                .ignoringFields("source")
                .isEqualTo(with(family, meant));
    }

    private static ModelConfig with(String family, String change) {
        ObjectNode json = Configs.json(family + "ForCausalLM");
        JSON.readTree(change.replace('\'', '"')).properties().forEach(e -> json.set(e.getKey(), e.getValue()));
        return ModelConfig.of(json);
    }

    /** As Granite 3 is published. */
    @Test
    void dropout_that_a_config_asks_for_in_training_is_told() {
        ModelConfig granite = with("Granite", "{'attention_dropout':0.1,'resid_pdrop':0.0}");
        assertThat(granite.dropouts()).containsExactly("attention_dropout 0.1");
        assertThat(Configs.qwen2().dropouts()).isEmpty();
    }

    @Test
    void a_stored_type_that_is_left_to_the_weights_is_read() {
        ObjectNode json = Configs.json("Qwen2ForCausalLM").put("torch_dtype", "auto");
        assertThat(ModelConfig.of(json).dtype()).isEqualTo(cogent.model.tensor.DType.F32);
    }

    @Test
    void the_stored_type_is_written_under_the_key_that_was_there() {
        assertThat(Configs.qwen2()
                        .storedAs(cogent.model.tensor.DType.BF16)
                        .get("torch_dtype")
                        .asString())
                .isEqualTo("bfloat16");
        ObjectNode fresh = Configs.json("Qwen2ForCausalLM").put("dtype", "float16");
        assertThat(ModelConfig.of(fresh)
                        .storedAs(cogent.model.tensor.DType.F32)
                        .get("dtype")
                        .asString())
                .isEqualTo("float32");
    }
}
