package cogent.model.decoder;

import cogent.model.delta.GatedDeltaNet;
import cogent.model.hf.Experts;
import cogent.model.hf.LinearAttention;
import cogent.model.hf.ModelConfig;
import cogent.model.hf.NormPlacement;
import cogent.model.hf.ParameterShapes;
import cogent.model.hf.QkNorm;
import cogent.model.tensor.DType;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Nn;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import cogent.model.tensor.Varlen;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The transformer decoder of Llama and its relatives (what they differ in is configuration): blocks of grouped-query attention
 * with rotary positions and a gated feed-forward part.
 *
 * <pre>
 * x = embed(ids)
 * per layer:  x = x + norm(o(attend(q(n), k(n), v(n))))    n = norm(x); what is seen may be gated; or a {@link GatedDeltaNet}
 *             x = x + norm(down(act(gate(n)) * up(n)))     n = norm(x); or what some of many such parts give, weighed
 * logits = norm(x) · outputᵀ
 * </pre>
 *
 * Which of the norms a layer has is {@link NormPlacement}'s to say. Tokens are rows {@code [tokens, hidden]} of all sequences;
 * only attention knows where a sequence ends.
 */
public final class Decoder {
    private static final int FUSE_FROM = 64;

    private final ModelConfig config;
    private final Tensor embedding;
    private final List<Layer> layers;
    private final Norm finalNorm;
    private final Tensor output;
    private final List<RopeTable> ropes;
    private final AttentionHeads heads;
    private final Products products;
    /** One that nobody uses now, with weights that took as long to pack as some twenty tokens take. */
    private final AtomicReference<@Nullable IdleStep> idleStep = new AtomicReference<>();

    /** What a step of decoding leaves for the next one, until it is freed. */
    interface IdleStep {
        void free();
    }

    /**
     * @param qkv queries, keys and values: three matrices or one; or what {@code delta} reads
     * @param delta in place of attention, if there is one
     * @param wholeQkv all of the three at once, where they lie together
     */
    record Layer(
            @Nullable Norm beforeAttention,
            List<Linear> qkv,
            AttentionHeads.Norms headNorms,
            @Nullable GatedDeltaNet delta,
            Linear o,
            @Nullable Norm afterAttention,
            @Nullable Norm beforeMlp,
            FeedForward feedForward,
            @Nullable Norm afterMlp,
            @Nullable Linear wholeQkv) {
        Layer computing(Products products) {
            return new Layer(
                    beforeAttention,
                    qkv.stream().map(linear -> linear.computing(products)).toList(),
                    headNorms,
                    delta,
                    o.computing(products),
                    afterAttention,
                    beforeMlp,
                    feedForward.computing(products),
                    afterMlp,
                    wholeQkv == null ? null : wholeQkv.computing(products));
        }
    }

    /**
     * @param weights by Hugging Face name
     * @param adapters low-rank additions by the name of their linear layer
     */
    Decoder(ModelConfig config, Map<String, Tensor> weights, Map<String, Linear.LowRank> adapters) {
        this.config = config;
        embedding = weight(weights, ParameterShapes.EMBEDDING);
        finalNorm = new Norm(
                weight(weights, ParameterShapes.FINAL_NORM),
                config.normOffset(),
                config.multipliers().logits(), // so that hidden states are what the output matrix alone makes logits of
                config.rmsNormEps());
        output = config.tiedEmbeddings() ? embedding : weight(weights, ParameterShapes.OUTPUT);
        ropes = RopeTable.of(config.ropes(), embedding.device(), embedding.dtype());
        products = new Products(embedding.dtype());
        layers = IntStream.range(0, config.layers())
                .mapToObj(i -> layer(weights, adapters, i))
                .toList();
        heads = attentionHeads();
    }

    private Decoder(Decoder same, Products products) {
        config = same.config;
        embedding = same.embedding;
        finalNorm = same.finalNorm;
        output = same.output;
        ropes = same.ropes;
        layers = same.layers.stream().map(layer -> layer.computing(products)).toList();
        this.products = products;
        heads = attentionHeads();
    }

    private AttentionHeads attentionHeads() {
        Map<Integer, GatedDeltaNet> deltas = new HashMap<>();
        for (int i = 0; i < layers.size(); i++) {
            GatedDeltaNet delta = layers.get(i).delta;
            if (delta != null) {
                deltas.put(i, delta);
            }
        }
        return new AttentionHeads(
                config,
                ropes,
                layers.stream().map(Layer::headNorms).toList(),
                deltas,
                products.dtype(),
                embedding.device());
    }

    /**
     * The same weights with the layers' products and attention in another type: BF16 over weights in F32 is mixed precision. What
     * layers add to has the type of the norms' weights, the output matrix keeps its own. The weights stay those of the model that
     * made this.
     */
    public Decoder computing(DType dtype) {
        return dtype == compute() ? this : new Decoder(this, new Products(dtype));
    }

    /** The type of the layers' products. */
    public DType compute() {
        return products.dtype();
    }

    private Layer layer(Map<String, Tensor> weights, Map<String, Linear.LowRank> adapters, int index) {
        String prefix = ParameterShapes.layer(index, "");
        Function<String, Linear> linear = name -> new Linear(
                weight(weights, prefix + name + ".weight"),
                weights.get(prefix + name + ".bias"),
                adapters.get(prefix + name),
                products);
        NormPlacement norms = config.norms();
        boolean remembers = config.linear().at(index);
        boolean ofHeads = config.qkNorm() != QkNorm.NONE && !remembers;
        String part = remembers ? ParameterShapes.LINEAR : "self_attn.";
        List<Linear> qkv = (remembers
                        ? LinearAttention.PROJECTIONS
                        : config.projections().qkv())
                .stream().map(name -> linear.apply(part + name)).toList();
        return new Layer(
                norm(weights, prefix, norms.beforeAttention()),
                qkv,
                new AttentionHeads.Norms(
                        norm(weights, prefix, ofHeads ? "self_attn.q_norm" : null),
                        norm(weights, prefix, ofHeads ? "self_attn.k_norm" : null)),
                remembers ? delta(weights, prefix + part) : null,
                linear.apply(part + (remembers ? "out_proj" : "o_proj")),
                norm(weights, prefix, norms.afterAttention()),
                norm(weights, prefix, norms.beforeMlp()),
                feedForward(linear, config.experts().at(index)),
                norm(weights, prefix, norms.afterMlp()),
                JoinedWeights.of(qkv));
    }

    private GatedDeltaNet delta(Map<String, Tensor> weights, String prefix) {
        return new GatedDeltaNet(
                config.linear(),
                weight(weights, prefix + "conv1d.weight"),
                weight(weights, prefix + "A_log"),
                weight(weights, prefix + "dt_bias"),
                weight(weights, prefix + "norm.weight"),
                config.rmsNormEps());
    }

    private FeedForward feedForward(Function<String, Linear> linear, boolean mixed) {
        if (!mixed) {
            return gated(linear, "mlp.");
        }
        Experts experts = config.experts();
        return new FeedForward.Mixture(
                linear.apply(ParameterShapes.ROUTER),
                IntStream.range(0, experts.count())
                        .mapToObj(expert -> gated(linear, ParameterShapes.expert(expert)))
                        .toList(),
                experts.perToken(),
                experts.normalised());
    }

    private FeedForward.Gated gated(Function<String, Linear> linear, String prefix) {
        List<Linear> gateUp = config.projections().gateUp().stream()
                .map(name -> linear.apply(prefix + name))
                .toList();
        return new FeedForward.Gated(gateUp, linear.apply(prefix + "down_proj"), JoinedWeights.of(gateUp));
    }

    private @Nullable Norm norm(Map<String, Tensor> weights, String prefix, @Nullable String name) {
        return name == null
                ? null
                : new Norm(weight(weights, prefix + name + ".weight"), config.normOffset(), 1, config.rmsNormEps());
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

    /** The output matrix in the type of the products, without a graph; a copy is kept until the matrix changes. */
    public Tensor outputForProducts() {
        return products.weight(List.of(output));
    }

    /** Final hidden states → {@code [rows, vocab]}. */
    public Tensor logits(Tensor hidden) {
        return new Linear(output, null, null, new Products(output.dtype())).apply(hidden);
    }

    /**
     * The final hidden states of every token, {@code [tokens, hidden]}, without a graph; for training see
     * {@link ForwardPass}.
     */
    public Tensor hidden(Packed sequences) {
        try (var _ = GradMode.off()) {
            return Scope.of(() -> {
                Attention attention = within(sequences);
                return norm(blocks(embed(ids(sequences)), attention));
            });
        }
    }

    // ---- the parts, for ForwardPass and the generator

    /** Causal attention within each sequence of a packed batch, as the device computes it fastest. */
    Attention within(Packed packed) {
        int longest = IntStream.of(packed.lengths()).max().orElseThrow();
        boolean windowed = config.windows().stream().anyMatch(window -> window < longest);
        return Varlen.suits(embedding.device(), compute(), config.headDim(), windowed)
                ? new VarlenAttention(heads, packed)
                : new PackedAttention(heads, packed);
    }

    public Tensor ids(Packed sequences) {
        return Tensors.of(sequences.ids(), sequences.tokens()).to(embedding.device(), DType.I64);
    }

    public Tensor embed(Tensor ids) {
        Tensor rows =
                Nn.embedding(embedding.detach(), ids).to(finalNorm.weight().dtype());
        double factor = config.multipliers().embedding();
        return factor == 1 ? rows : rows.mul_(factor);
    }

    /** @param x is free to be changed where no graph is recorded */
    public Tensor blocks(Tensor x, Attention attention) {
        for (int i = 0; i < layers.size(); i++) {
            int layer = i;
            Tensor in = x;
            x = Scope.of(() -> block(layer, in, attention));
            if (!GradMode.isOn() && x != in) {
                in.close();
            }
        }
        return x;
    }

    Tensor block(int index, Tensor x, Attention attention) {
        Layer w = layers.get(index);
        Tensor seen = seen(index, qkv(w, Norm.normed(w.beforeAttention, x)), attention);
        Tensor mid = added(x, w.o, seen, w.afterAttention);
        Tensor n = Norm.normed(w.beforeMlp, mid);
        return switch (w.feedForward) {
            case FeedForward.Gated gated -> added(mid, gated.down(), gated.product(n, config.activation()), w.afterMlp);
            case FeedForward.Mixture mixture -> added(mid, mixture.apply(n, config.activation()), w.afterMlp);
        };
    }

    /**
     * What the tokens of a layer see, gated where the model does so.
     *
     * @param projected {@code [tokens, columns of all of the layer's qkv]}
     */
    Tensor seen(int index, Tensor projected, Attention attention) {
        if (!config.outputGate() || layers.get(index).delta != null) {
            return attention.attend(index, projected);
        }
        long heads = config.heads();
        long width = heads * config.headDim();
        List<Tensor> parts = projected.split(new long[] {2 * width, projected.size(1) - 2 * width}, 1);
        Tensor ofHeads = parts.get(0).view(-1, heads, 2, config.headDim());
        Tensor q = ofHeads.select(2, 0).reshape(-1, width);
        Tensor gate = ofHeads.select(2, 1).reshape(-1, width);
        return attention.attend(index, Tensors.cat(List.of(q, parts.get(1)), 1)).mul(gate.sigmoid());
    }

    /** The stream with what half a layer adds to it; on a device in place where that is one product. */
    private Tensor added(Tensor stream, Linear last, Tensor in, @Nullable Norm norm) {
        double factor = config.multipliers().residual();
        if (norm == null && factor == 1 && last.canAddTo(stream)) {
            return stream.addmm_(in, last.weight().transpose(0, 1), 1, 1);
        }
        return added(stream, last.apply(in), norm);
    }

    private Tensor added(Tensor stream, Tensor part, @Nullable Norm norm) {
        double factor = config.multipliers().residual();
        Tensor normed = norm == null ? part : norm.apply(part.to(stream.dtype()));
        return stream.add(factor == 1 ? normed : normed.to(stream.dtype()).mul(factor));
    }

    public Tensor norm(Tensor x) {
        return finalNorm.apply(x);
    }

    AtomicReference<@Nullable IdleStep> idleStep() {
        return idleStep;
    }

    Layer layer(int index) {
        return layers.get(index);
    }

    Norm finalNorm() {
        return finalNorm;
    }

    /** Queries, keys and values in one product, unless copying the weights together costs more than it saves. */
    private static Tensor qkv(Layer layer, Tensor n) {
        if (layer.wholeQkv != null) {
            return layer.wholeQkv.apply(n);
        }
        List<Linear> layers = layer.qkv;
        boolean adapted = layers.stream().anyMatch(linear -> linear.lowRank() != null);
        if (adapted || layers.size() == 1 || n.size(0) < FUSE_FROM) {
            return Linear.joined(n, layers);
        }
        Tensor weight = Tensors.cat(layers.stream().map(Linear::weight).toList(), 0);
        List<Tensor> biases =
                layers.stream().map(Linear::bias).flatMap(Stream::ofNullable).toList();
        return new Linear(
                        weight,
                        biases.isEmpty() ? null : Tensors.cat(biases, 0),
                        null,
                        layers.getFirst().products())
                .apply(n);
    }

    /** How attention over this decoder's projections sees them. */
    public AttentionHeads heads() {
        return heads;
    }

    /** Frees the copies of weights in the type of the products, and of their layout. */
    public void closeCopies() {
        IdleStep idle = idleStep.getAndSet(null);
        if (idle != null) {
            idle.free();
        }
        products.close();
    }

    /** Frees the tables of positions and the copies. */
    void close() {
        ropes.forEach(RopeTable::close);
        layers.stream()
                .flatMap(layer -> Stream.concat(Stream.ofNullable(layer.wholeQkv), layer.feedForward.wholes()))
                .forEach(Linear::close);
        closeCopies();
    }
}
