package cogent.model.decoder;

import cogent.model.hf.Activation;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.List;

/** {@link FeedForward.Gated} with its way back. */
final class GatedPass implements FeedForward.Pass {
    private final List<LinearPass> gateUp;
    private final Tensor gate;
    private final Tensor up;
    private final LinearPass down;
    private final Activation activation;

    /** @param x {@code [rows, hidden]}, in the type of the products */
    GatedPass(FeedForward.Gated w, Activation activation, Tensor x) {
        this.activation = activation;
        gateUp = w.gateUp().stream()
                .map(linear -> new LinearPass(List.of(linear), x))
                .toList();
        if (gateUp.size() == 1) {
            Tensor both = gateUp.getFirst().y();
            long width = both.size(1) / 2;
            gate = both.narrow(1, 0, width);
            up = both.narrow(1, width, width);
        } else {
            gate = gateUp.get(0).y();
            up = gateUp.get(1).y();
        }
        Tensor gated = activation.of(gate).mul_(up);
        down = new LinearPass(List.of(w.down()), gated);
        gated.close(); // the widest tensor: made again on the way back, which costs less than its memory
    }

    @Override
    public Tensor y() {
        return down.y();
    }

    @Override
    public Tensor backward(Tensor x, Tensor gradient) {
        Tensor act = activation.of(gate);
        Tensor product = down.backward(act.mul(up), gradient, null);
        Tensor dUp = act.mul_(product);
        Tensor dGate = activation.backward_(product.mul_(up), gate);
        if (gateUp.size() == 1) {
            return gateUp.getFirst().backward(x, Tensors.cat(List.of(dGate, dUp), 1), null);
        }
        return gateUp.get(1).backward(x, dUp, gateUp.get(0).backward(x, dGate, null));
    }

    @Override
    public void close() {
        gate.close();
        up.close();
        gateUp.forEach(LinearPass::close);
        down.close();
    }
}
