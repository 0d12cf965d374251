package cogent.bench;

import cogent.model.decoder.ForwardPass;
import cogent.model.decoder.LanguageModel;
import cogent.model.tensor.Nn;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import cogent.train.forward.BatchLayout;
import cogent.train.forward.PackedRows;
import java.util.Arrays;

/** The CogPO step as most trainers take it: padded, the logits of every position at once, autograd through all of it. */
final class NaiveStep {
    private NaiveStep() {}

    static void run(LanguageModel model) {
        PackedRows rows = PackedRows.ofPairs(TrainSpeed.Shapes.pairs(151_000), BatchLayout.PADDED);
        try (Scope _ = Scope.open()) {
            ForwardPass forward = ForwardPass.of(model.decoder(), rows.inputs(), 0);
            Tensor logps = Nn.logSoftmax(model.decoder().logits(forward.hidden()), 1)
                    .indexSelect(0, Tensors.of(rows.positions(), rows.positions().length))
                    .gather(1, Tensors.of(rows.targets(), rows.targets().length, 1));
            float[] side = new float[rows.targets().length];
            int at = 0;
            for (int i = 0; i < rows.counts().length; i++) {
                Arrays.fill(side, at, at + rows.counts()[i], i % 2 == 0 ? 0.1f : -0.1f);
                at += rows.counts()[i];
            }
            // one logistic over the batch's margin: another number than CogPO's, the same graph and memory
            Nn.logSigmoid(logps.squeeze(1).mul(Tensors.of(side, side.length)).sum())
                    .neg()
                    .backward();
            forward.backward();
        }
    }
}
