package cogent.model.decoder;

import cogent.model.hf.Activation;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.List;

/** The gated feed-forward part, down(act(gate(x)) · up(x)), with its way back; gate and up are two matrices or one. */
final class FeedForwardPass {
    private final List<LinearPass> gateUp;
    private final Tensor gate;
    private final Tensor up;
    private final LinearPass down;
    private final Activation activation;

    /** @param x {@code [rows, hidden]}, in the type of the products */
    FeedForwardPass(Decoder.Layer w, Activation activation, Tensor x) {
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

    /** {@code [rows, hidden]} */
    Tensor y() {
        return down.y();
    }

    /**
     * Adds the gradients of the parameters to what they have.
     *
     * @param x what it was made of
     * @param gradient of y
     * @return gradient of x
     */
    Tensor backward(Tensor x, Tensor gradient) {
        Tensor act = activation.of(gate);
        Tensor product = down.backward(act.mul(up), gradient, null);
        Tensor dUp = act.mul_(product);
        Tensor dGate = activation.backward_(product.mul_(up), gate);
        if (gateUp.size() == 1) {
            return gateUp.getFirst().backward(x, Tensors.cat(List.of(dGate, dUp), 1), null);
        }
        return gateUp.get(1).backward(x, dUp, gateUp.get(0).backward(x, dGate, null));
    }

    /** Frees what it kept. */
    void close() {
        gate.close();
        up.close();
        gateUp.forEach(LinearPass::close);
        down.close();
    }
}
