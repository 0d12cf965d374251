package cogent.model.decoder;

import cogent.model.hf.Activation;
import cogent.model.tensor.DType;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;

/** A {@link FeedForward.Mixture} with its way back, through the router too. */
final class MixturePass implements FeedForward.Pass {
    private final FeedForward.Mixture mixture;
    private final LinearPass router;
    private final Routing routing;
    /** Of the experts that are visited, in the routing's order. */
    private final List<GatedPass> experts = new ArrayList<>();

    private final Tensor y;

    /** @param x {@code [rows, hidden]}, in the type of the products */
    MixturePass(FeedForward.Mixture mixture, Activation activation, Tensor x) {
        this.mixture = mixture;
        router = new LinearPass(List.of(mixture.router()), x);
        routing = Routing.of(router.y(), mixture.perToken(), mixture.normalised());
        y = Tensors.zerosLike(x);
        for (Routing.Visit visit : routing.visits()) {
            GatedPass expert =
                    new GatedPass(mixture.experts().get(visit.expert()), activation, x.indexSelect(0, visit.rows()));
            experts.add(expert);
            y.indexAdd_(0, visit.rows(), expert.y().mul(routing.weights(visit).to(y.dtype())));
        }
    }

    @Override
    public Tensor y() {
        return y;
    }

    @Override
    public Tensor backward(Tensor x, Tensor gradient) {
        Tensor dx = Tensors.zerosLike(x);
        Tensor weights = Tensors.zeros(x.device(), DType.F32, x.size(0) * mixture.perToken());
        for (int i = 0; i < experts.size(); i++) {
            Routing.Visit visit = routing.visits().get(i);
            Tensor up = gradient.indexSelect(0, visit.rows());
            weights.indexCopy_(
                    0, visit.places(), up.mul(experts.get(i).y()).to(DType.F32).sum(1, false));
            Tensor back = experts.get(i)
                    .backward(
                            x.indexSelect(0, visit.rows()),
                            up.mul(routing.weights(visit).to(up.dtype())));
            dx.indexAdd_(0, visit.rows(), back);
        }
        mixture.experts().forEach(MixturePass::zeroWhereNotVisited);
        Tensor logits = routing.backward(weights.reshape(x.size(0), mixture.perToken()));
        return router.backward(x, logits.to(x.dtype()), dx);
    }

    /** As in transformers, where all experts of a layer are one parameter: AdamW moves and decays those too. */
    private static void zeroWhereNotVisited(FeedForward.Gated expert) {
        for (Linear linear : expert.linears()) {
            Tensor weight = linear.weight();
            if (weight.requiresGrad() && !weight.hasGrad()) {
                weight.setGrad(Tensors.zerosLike(weight));
            }
        }
    }

    @Override
    public void close() {
        router.close();
        routing.close();
        experts.forEach(GatedPass::close);
        y.close();
    }
}
