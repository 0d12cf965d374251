package cogent.model.gguf;

import java.util.List;

/** What a GGUF file can be written as; which matrix is stored as what is llama.cpp's choice. */
public enum GgufType {
    F32(0, GgmlType.F32),
    F16(1, GgmlType.F16),
    BF16(32, GgmlType.BF16),
    /** Signed bytes behind one half-precision scale of 32 values. */
    Q8_0(7, GgmlType.Q8_0),
    /** Four bits a value, six for the matrices that matter most. */
    Q4_K_M(15, GgmlType.Q4_K);

    private final int fileType;
    private final GgmlType most;

    GgufType(int fileType, GgmlType most) {
        this.fileType = fileType;
        this.most = most;
    }

    /** What {@code general.file_type} says. */
    int fileType() {
        return fileType;
    }

    /**
     * What llama.cpp looks at beside the matrix.
     *
     * @param output the name of the matrix that makes the logits
     * @param experts of a layer
     * @param of70B whether it takes the model for the one of 70B parameters, whose few values many heads share
     */
    record Model(String output, int layers, int experts, boolean of70B) {}

    /**
     * What a matrix is stored as. A type whose blocks its rows do not fill gives way to one of about as many bits in blocks of
     * 32, and that to F16.
     *
     * @param name in the file, such as {@code blk.3.attn_v.weight}
     * @param columns values of a row
     */
    GgmlType of(String name, long columns, Model model) {
        if (Place.kept(name)) {
            return GgmlType.F32;
        }
        GgmlType wanted = this == Q4_K_M ? mixed(name, model) : most;
        List<GgmlType> ways = switch (wanted) {
            case Q4_K -> List.of(GgmlType.Q4_K, GgmlType.Q5_0, GgmlType.F16);
            case Q5_K -> List.of(GgmlType.Q5_K, GgmlType.Q5_1, GgmlType.F16);
            case Q6_K -> List.of(GgmlType.Q6_K, GgmlType.Q8_0, GgmlType.F16);
            default -> List.of(wanted, GgmlType.F16);
        };
        return ways.stream()
                .filter(type -> columns % type.block() == 0)
                .findFirst()
                .orElseThrow();
    }

    /** Which matrices of Q4_K_M are not Q4_K: {@code llama_tensor_get_type_impl} of llama-quant.cpp. */
    private static GgmlType mixed(String name, Model model) {
        if (name.equals(model.output)) {
            return GgmlType.Q6_K;
        }
        String[] words = name.split("\\.", -1);
        if (words.length < 3) {
            return GgmlType.Q4_K;
        }
        int layer = Integer.parseInt(words[1]);
        boolean eight = model.experts == 8; // a special case there of this very number
        return switch (words[2]) {
            case "attn_v", "attn_qkv" -> {
                if (eight) {
                    yield GgmlType.Q8_0;
                }
                GgmlType others = model.of70B ? GgmlType.Q5_K : GgmlType.Q4_K;
                yield wantsMore(layer, model.layers) ? GgmlType.Q6_K : others;
            }
            case "attn_k" -> eight ? GgmlType.Q8_0 : GgmlType.Q4_K;
            case "attn_output" -> eight ? GgmlType.Q5_K : GgmlType.Q4_K;
            case "ffn_down", "ffn_down_exps" -> wantsMore(layer, model.layers) ? GgmlType.Q6_K : GgmlType.Q4_K;
            default -> GgmlType.Q4_K;
        };
    }

    /** The first and last eighth of the layers and every third between. */
    private static boolean wantsMore(int layer, int layers) {
        return layer < layers / 8 || layer >= 7 * layers / 8 || (layer - layers / 8) % 3 == 2;
    }
}
