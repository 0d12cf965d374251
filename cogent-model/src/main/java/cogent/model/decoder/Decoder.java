package cogent.model.decoder;

import cogent.model.hf.ModelConfig;
import cogent.model.hf.ParameterShapes;
import cogent.model.tensor.DType;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Nn;
import cogent.model.tensor.Scope;
import cogent.model.tensor.SkinnyGemm;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The transformer decoder of Llama, Mistral, Qwen2 and Qwen3 (what they differ in is configuration): pre-norm blocks of
 * grouped-query attention with rotary positions and a gated feed-forward part.
 *
 * <pre>
 * x = embed(ids)
 * per layer:  x = x + o(attend(q(n), k(n), v(n)))    n = rmsNorm(x)
 *             x = x + down(silu(gate(n)) * up(n))    n = rmsNorm(x)
 * logits = rmsNorm(x) · outputᵀ
 * </pre>
 *
 * Tokens are rows {@code [tokens, hidden]} of all sequences; only attention knows where a sequence ends.
 */
public final class Decoder {
    private static final int FUSE_FROM = 64;

    private final ModelConfig config;
    private final Tensor embedding;
    private final List<Layer> layers;
    private final Tensor finalNorm;
    private final Tensor output;
    private final RopeTable rope;
    private final AttentionHeads heads;
    private final DType compute;

    record Layer(
            Tensor inputNorm,
            Linear q,
            Linear k,
            Linear v,
            Linear o,
            @Nullable Tensor qNorm,
            @Nullable Tensor kNorm,
            Tensor postNorm,
            Linear gate,
            Linear up,
            Linear down) {
        Layer computing(DType dtype) {
            return new Layer(
                    inputNorm,
                    q.computing(dtype),
                    k.computing(dtype),
                    v.computing(dtype),
                    o.computing(dtype),
                    qNorm,
                    kNorm,
                    postNorm,
                    gate.computing(dtype),
                    up.computing(dtype),
                    down.computing(dtype));
        }
    }

    /**
     * @param weights by Hugging Face name
     * @param adapters low-rank additions by the name of their linear layer
     */
    Decoder(ModelConfig config, Map<String, Tensor> weights, Map<String, Linear.LowRank> adapters) {
        this.config = config;
        embedding = weight(weights, ParameterShapes.EMBEDDING);
        finalNorm = weight(weights, ParameterShapes.FINAL_NORM);
        output = config.tiedEmbeddings() ? embedding : weight(weights, ParameterShapes.OUTPUT);
        rope = new RopeTable(config.rope(), embedding.device(), embedding.dtype());
        layers = IntStream.range(0, config.layers())
                .mapToObj(i -> layer(weights, adapters, ParameterShapes.layer(i, "")))
                .toList();
        compute = embedding.dtype();
        heads = attentionHeads();
    }

    private Decoder(Decoder same, DType compute) {
        config = same.config;
        embedding = same.embedding;
        finalNorm = same.finalNorm;
        output = same.output;
        rope = same.rope;
        layers = same.layers.stream().map(layer -> layer.computing(compute)).toList();
        this.compute = compute;
        heads = attentionHeads();
    }

    private AttentionHeads attentionHeads() {
        return new AttentionHeads(
                config,
                rope,
                layers.stream()
                        .map(layer -> new AttentionHeads.Norms(layer.qNorm, layer.kNorm))
                        .toList(),
                compute,
                embedding.device());
    }

    /**
     * The same weights with the layers' products and attention in another type: BF16 over weights in F32 is mixed precision. What
     * layers add to, norms and the output matrix keep the type of the weights. The weights stay those of the model that
     * made this.
     */
    public Decoder computing(DType dtype) {
        return dtype == compute ? this : new Decoder(this, dtype);
    }

    /** The type of the layers' products. */
    public DType compute() {
        return compute;
    }

    private static Layer layer(Map<String, Tensor> weights, Map<String, Linear.LowRank> adapters, String prefix) {
        Function<String, Linear> linear = name -> new Linear(
                weight(weights, prefix + name + ".weight"),
                weights.get(prefix + name + ".bias"),
                adapters.get(prefix + name),
                weight(weights, prefix + name + ".weight").dtype());
        return new Layer(
                weight(weights, prefix + "input_layernorm.weight"),
                linear.apply("self_attn.q_proj"),
                linear.apply("self_attn.k_proj"),
                linear.apply("self_attn.v_proj"),
                linear.apply("self_attn.o_proj"),
                weights.get(prefix + "self_attn.q_norm.weight"),
                weights.get(prefix + "self_attn.k_norm.weight"),
                weight(weights, prefix + "post_attention_layernorm.weight"),
                linear.apply("mlp.gate_proj"),
                linear.apply("mlp.up_proj"),
                linear.apply("mlp.down_proj"));
    }

    private static Tensor weight(Map<String, Tensor> weights, String name) {
        return Objects.requireNonNull(weights.get(name), name);
    }

    public ModelConfig config() {
        return config;
    }

    /** The matrix of the embedding lookup, {@code [vocab, hidden]}; the output matrix too where they are tied. */
    public Tensor embedding() {
        return embedding;
    }

    /** The output matrix, {@code [vocab, hidden]}. */
    public Tensor output() {
        return output;
    }

    /** Final hidden states → {@code [rows, vocab]}. */
    public Tensor logits(Tensor hidden) {
        return new Linear(output, null, null, output.dtype()).apply(hidden);
    }

    /**
     * The final hidden states of every token, {@code [tokens, hidden]}, without a graph; for training see
     * {@link ForwardPass}.
     */
    public Tensor hidden(Packed sequences) {
        try (var _ = GradMode.off()) {
            return Scope.of(() -> {
                Attention attention = new PackedAttention(heads, sequences);
                return norm(blocks(embed(ids(sequences)), attention));
            });
        }
    }

    // ---- the parts, for ForwardPass and the generator

    public Tensor ids(Packed sequences) {
        return Tensors.of(sequences.ids(), sequences.tokens()).to(embedding.device(), DType.I64);
    }

    public Tensor embed(Tensor ids) {
        return Nn.embedding(embedding.detach(), ids);
    }

    public Tensor blocks(Tensor x, Attention attention) {
        for (int i = 0; i < layers.size(); i++) {
            int layer = i;
            Tensor in = x;
            x = Scope.of(() -> block(layer, in, attention));
            if (!GradMode.isOn()) {
                in.close();
            }
        }
        return x;
    }

    Tensor block(int index, Tensor x, Attention attention) {
        Layer w = layers.get(index);
        Tensor seen = attention.attend(index, qkv(w, rmsNorm(x, w.inputNorm)));
        Tensor mid = x.add(w.o.apply(seen));
        Tensor n = rmsNorm(mid, w.postNorm);
        return mid.add(w.down.apply(gated(w, n)));
    }

    private static Tensor gated(Layer w, Tensor n) {
        if (!SkinnyGemm.fits(n, w.gate.weight())) {
            return Nn.silu(w.gate.apply(n)).mul(w.up.apply(n));
        }
        long width = w.gate.weight().size(0);
        List<Tensor> both = Linear.joined(n, w.gate, w.up).split(new long[] {width, width}, 1);
        return Nn.silu(both.get(0)).mul(both.get(1));
    }

    public Tensor norm(Tensor x) {
        return rmsNorm(x, finalNorm);
    }

    Layer layer(int index) {
        return layers.get(index);
    }

    Tensor finalNorm() {
        return finalNorm;
    }

    private Tensor rmsNorm(Tensor x, Tensor weight) {
        return Nn.rmsNorm(x, weight, config.rmsNormEps());
    }

    /** Queries, keys and values in one product, unless copying the weights together costs more than it saves. */
    private static Tensor qkv(Layer w, Tensor n) {
        boolean adapted = Stream.of(w.q, w.k, w.v).anyMatch(linear -> linear.lowRank() != null);
        if (adapted || n.size(0) < FUSE_FROM) {
            return Linear.joined(n, w.q, w.k, w.v);
        }
        Tensor weight = Tensors.cat(List.of(w.q.weight(), w.k.weight(), w.v.weight()), 0);
        Tensor bias = w.q.bias() == null || w.k.bias() == null || w.v.bias() == null
                ? null
                : Tensors.cat(List.of(w.q.bias(), w.k.bias(), w.v.bias()), 0);
        return new Linear(weight, bias, null, w.q.compute()).apply(n);
    }

    /** How attention over this decoder's projections sees them. */
    public AttentionHeads heads() {
        return heads;
    }

    RopeTable rope() {
        return rope;
    }
}
