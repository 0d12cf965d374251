package cogent.model.decoder;

import cogent.model.hf.Activation;
import cogent.model.tensor.SkinnyGemm;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a token goes through between two attentions. */
sealed interface FeedForward {
    /** The same with other products. */
    FeedForward computing(Products products);

    /** What is kept of weights that lie together, to be freed with the decoder. */
    Stream<Linear> wholes();

    /** For training: forward on construction, then its way back. */
    interface Pass {
        /** {@code [rows, hidden]} */
        Tensor y();

        /**
         * Adds the gradients of the parameters to what they have.
         *
         * @param x what it was made of
         * @param gradient of y
         * @return gradient of x
         */
        Tensor backward(Tensor x, Tensor gradient);

        /** Frees what it kept. */
        void close();
    }

    /**
     * down(act(gate(x)) · up(x)).
     *
     * @param gateUp gate and up: two matrices or one
     * @param wholeGateUp both at once, where they lie together
     */
    record Gated(List<Linear> gateUp, Linear down, @Nullable Linear wholeGateUp) implements FeedForward {
        Tensor apply(Tensor x, Activation activation) {
            return down.apply(product(x, activation));
        }

        @Override
        public Stream<Linear> wholes() {
            return Stream.ofNullable(wholeGateUp);
        }

        List<Linear> linears() {
            return Stream.concat(gateUp.stream(), Stream.of(down)).toList();
        }

        /** act(gate(x)) · up(x) */
        Tensor product(Tensor x, Activation activation) {
            if (wholeGateUp == null
                    && gateUp.size() == 2
                    && !SkinnyGemm.fits(x, gateUp.getFirst().weight())) {
                return activation.of(gateUp.get(0).apply(x)).mul(gateUp.get(1).apply(x));
            }
            Tensor joined = wholeGateUp == null ? Linear.joined(x, gateUp) : wholeGateUp.apply(x);
            long width = joined.size(1) / 2;
            List<Tensor> both = joined.split(new long[] {width, width}, 1);
            return activation.of(both.get(0)).mul(both.get(1));
        }

        @Override
        public Gated computing(Products products) {
            return new Gated(
                    gateUp.stream().map(linear -> linear.computing(products)).toList(),
                    down.computing(products),
                    wholeGateUp == null ? null : wholeGateUp.computing(products));
        }
    }

    /**
     * Σ weight · expert(x) over the experts of each token.
     *
     * @param router whose results are the experts' logits
     * @param perToken experts of a token
     * @param normalised whether their weights add up to one
     */
    record Mixture(Linear router, List<Gated> experts, int perToken, boolean normalised) implements FeedForward {
        /** @param x {@code [rows, hidden]} */
        Tensor apply(Tensor x, Activation activation) {
            Tensor in = router.converted(x);
            Routing routing = Routing.of(router.apply(in), perToken, normalised);
            Tensor sum = Tensors.zerosLike(in);
            for (Routing.Visit visit : routing.visits()) {
                Tensor y = experts.get(visit.expert()).apply(in.indexSelect(0, visit.rows()), activation);
                sum.indexAdd_(0, visit.rows(), y.mul(routing.weights(visit).to(y.dtype())));
            }
            return sum;
        }

        @Override
        public Stream<Linear> wholes() {
            return experts.stream().flatMap(Gated::wholes);
        }

        @Override
        public Mixture computing(Products products) {
            return new Mixture(
                    router.computing(products),
                    experts.stream().map(expert -> expert.computing(products)).toList(),
                    perToken,
                    normalised);
        }
    }
}
