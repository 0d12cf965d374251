package cogent.model.gguf;

import cogent.model.hf.LinearAttention;
import cogent.model.hf.ModelConfig;
import cogent.model.hf.ParameterShapes;
import cogent.model.tensor.DType;
import cogent.model.tensor.Tensor;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a weight of Hugging Face's lies in a GGUF file, and as what.
 *
 * @param name of the tensor there
 * @param part which part of the tensor it is where it is stacked with others of its kind (experts); -1 where it is alone
 * @param rows for every row there which row of Hugging Face's it is, {@code columns} likewise; empty where all stand as they are
 */
record Place(String name, int part, Order rows, Order columns, Form form) {
    private static final Pattern EXPERT = Pattern.compile("mlp\\.experts\\.(\\d+)\\.(\\w+)_proj");

    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("model.embed_tokens", "token_embd"),
            Map.entry("model.norm", "output_norm"),
            Map.entry("lm_head", "output"),
            Map.entry("self_attn.q_proj", "attn_q"),
            Map.entry("self_attn.k_proj", "attn_k"),
            Map.entry("self_attn.v_proj", "attn_v"),
            Map.entry("self_attn.qkv_proj", "attn_qkv"),
            Map.entry("self_attn.o_proj", "attn_output"),
            Map.entry("self_attn.q_norm", "attn_q_norm"),
            Map.entry("self_attn.k_norm", "attn_k_norm"),
            Map.entry("linear_attn.in_proj_qkv", "attn_qkv"),
            Map.entry("linear_attn.in_proj_z", "attn_gate"),
            Map.entry("linear_attn.in_proj_b", "ssm_beta"),
            Map.entry("linear_attn.in_proj_a", "ssm_alpha"),
            Map.entry("linear_attn.conv1d", "ssm_conv1d"),
            Map.entry("linear_attn.norm", "ssm_norm"),
            Map.entry("linear_attn.out_proj", "ssm_out"),
            Map.entry("mlp.gate_proj", "ffn_gate"),
            Map.entry("mlp.up_proj", "ffn_up"),
            Map.entry("mlp.gate_up_proj", "ffn_up"),
            Map.entry("mlp.down_proj", "ffn_down"),
            Map.entry(ParameterShapes.ROUTER, "ffn_gate_inp"),
            Map.entry("input_layernorm", "attn_norm"),
            Map.entry("pre_feedforward_layernorm", "ffn_norm"),
            Map.entry("post_feedforward_layernorm", "post_ffw_norm"));

    /** What becomes of the numbers. */
    enum Form {
        SAME,
        /** What norms add to their weight is added already. */
        PLUS_ONE,
        /** Of a logarithm minus what it is the logarithm of. */
        NEGATED_EXP;

        private float back(float value) {
            return switch (this) {
                case SAME -> value;
                case PLUS_ONE -> value - 1;
                case NEGATED_EXP -> (float) Math.log(-value);
            };
        }
    }

    /** @param weight by Hugging Face's name */
    static Place of(String weight, ModelConfig config, Architecture architecture) {
        String block = "";
        String local = weight;
        if (weight.startsWith("model.layers.")) {
            String[] words = weight.split("\\.", 4);
            block = "blk." + words[2] + ".";
            local = words[3];
        }
        if (local.equals(ParameterShapes.LINEAR + "A_log")) {
            return new Place(block + "ssm_a", -1, values(config, 0, 1), Order.SAME, Form.NEGATED_EXP);
        }
        if (local.equals(ParameterShapes.LINEAR + "dt_bias")) {
            return new Place(block + "ssm_dt.bias", -1, values(config, 0, 1), Order.SAME, Form.SAME);
        }
        String kind = local.substring(local.lastIndexOf('.'));
        String of = local.substring(0, local.length() - kind.length());
        Matcher expert = EXPERT.matcher(of);
        if (expert.matches()) {
            String name = block + "ffn_" + expert.group(2) + "_exps" + kind;
            return new Place(name, Integer.parseInt(expert.group(1)), Order.SAME, Order.SAME, Form.SAME);
        }
        String name = of.equals("post_attention_layernorm") ? architecture.secondNorm() : String.valueOf(NAMES.get(of));
        boolean added = config.normOffset() == 1 && of.endsWith("norm") && !of.equals("linear_attn.norm");
        return new Place(
                block + name + kind,
                -1,
                rows(of, config, architecture),
                of.equals("linear_attn.out_proj")
                        ? values(config, 0, config.linear().valueDim())
                        : Order.SAME,
                added ? Form.PLUS_ONE : Form.SAME);
    }

    private static Order rows(String of, ModelConfig config, Architecture architecture) {
        LinearAttention linear = config.linear();
        int half = config.headDim() / 2;
        return switch (of) {
            case "self_attn.q_proj" -> architecture.turnsNeighbours() ? Order.turned(config.heads(), half) : Order.SAME;
            case "self_attn.k_proj" ->
                architecture.turnsNeighbours() ? Order.turned(config.kvHeads(), half) : Order.SAME;
            case "linear_attn.in_proj_qkv", "linear_attn.conv1d" ->
                values(config, Math.toIntExact(2 * linear.keys()), linear.valueDim());
            case "linear_attn.in_proj_z" -> values(config, 0, linear.valueDim());
            case "linear_attn.in_proj_a", "linear_attn.in_proj_b" -> values(config, 0, 1);
            default -> Order.SAME;
        };
    }

    /** Heads of values stand beside the others of their key's head here, beside those of the other keys' heads there. */
    private static Order values(ModelConfig config, int from, int each) {
        LinearAttention linear = config.linear();
        return Order.transposed(from, linear.keyHeads(), linear.valueHeads() / linear.keyHeads(), each);
    }

    boolean stacked() {
        return part >= 0;
    }

    /** Whether it is kept in full whatever the type of the others: small, and heavily leant upon. */
    static boolean kept(String name) {
        return name.contains(".ffn_gate_inp.") || name.contains(".ssm_conv1d.");
    }

    /** The weight as the file holds it, before its parts are stacked. */
    Tensor there(Tensor weight) {
        long[] shape = shape(weight.shape());
        Tensor flat = shape.length == weight.rank() ? weight : weight.reshape(shape);
        Tensor placed = columns.of(rows.of(flat, 0), 1);
        return switch (form) {
            case SAME -> placed;
            case PLUS_ONE -> placed.to(DType.F32).add(1.0);
            case NEGATED_EXP -> placed.to(DType.F32).exp().neg();
        };
    }

    /** The shape of a weight there, given Hugging Face's: that of the convolution has no dimension of one channel. */
    static long[] shape(long[] ours) {
        return ours.length == 3 ? new long[] {ours[0], ours[2]} : ours;
    }

    /** A row there as one here: its values in their order and form. */
    float[] here(float[] row) {
        float[] placed = columns.back(row);
        for (int i = 0; i < placed.length; i++) {
            placed[i] = form.back(placed[i]);
        }
        return placed;
    }
}
