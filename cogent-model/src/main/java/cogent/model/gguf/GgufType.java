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
     * What a matrix is stored as. A type whose blocks its rows do not fill gives way to one of about as many bits in blocks of
     * 32, and that to F16.
     *
     * @param name in the file, such as {@code blk.3.attn_v.weight}
     * @param columns values of a row
     * @param output the name of the matrix that makes the logits
     * @param layers of the model
     */
    GgmlType of(String name, long columns, String output, int layers) {
        if (Place.kept(name)) {
            return GgmlType.F32;
        }
        GgmlType wanted = this == Q4_K_M && wantsMore(name, output, layers) ? GgmlType.Q6_K : most;
        List<GgmlType> ways = switch (wanted) {
            case Q4_K -> List.of(GgmlType.Q4_K, GgmlType.Q5_0, GgmlType.F16);
            case Q6_K -> List.of(GgmlType.Q6_K, GgmlType.Q8_0, GgmlType.F16);
            default -> List.of(wanted, GgmlType.F16);
        };
        return ways.stream()
                .filter(type -> columns % type.block() == 0)
                .findFirst()
                .orElseThrow();
    }

    /** The matrix of the logits, and the values and the way down in the first and last eighth of the layers and every third between. */
    private static boolean wantsMore(String name, String output, int layers) {
        if (name.equals(output)) {
            return true;
        }
        String[] words = name.split("\\.", -1);
        if (words.length < 3
                || !List.of("attn_v", "attn_qkv", "ffn_down", "ffn_down_exps").contains(words[2])) {
            return false;
        }
        int layer = Integer.parseInt(words[1]);
        return layer < layers / 8 || layer >= 7 * layers / 8 || (layer - layers / 8) % 3 == 2;
    }
}
