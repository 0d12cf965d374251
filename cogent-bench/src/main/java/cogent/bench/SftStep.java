package cogent.bench;

import cogent.model.LanguageModel;
import cogent.tensor.Scope;
import cogent.train.CompletionPass;
import cogent.train.LogProbHead;
import cogent.train.PackedRows;

/** Forward and backward of one SFT step, its phases timed. */
final class SftStep {
    private SftStep() {}

    static void run(LanguageModel model, PackedRows packed, float[] weights, Phases phases) {
        try (Scope _ = Scope.open()) {
            long start = System.nanoTime();
            CompletionPass pass = new CompletionPass(
                    model.decoder(), LogProbHead.of(model.decoder().output()), packed, 0);
            phases.add("forward", start);
            start = System.nanoTime();
            pass.backward(weights);
            phases.add("head and backward", start);
        }
    }
}
