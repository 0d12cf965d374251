package cogent.bench;

import cogent.model.decoder.Decoder;
import cogent.model.tensor.Scope;
import cogent.train.forward.CompletionPass;
import cogent.train.forward.PackedRows;

/** Forward and backward of one SFT step, its phases timed. */
final class SftStep {
    private SftStep() {}

    static void run(Decoder decoder, PackedRows packed, float[] weights, Phases phases) {
        try (Scope _ = Scope.open()) {
            long start = System.nanoTime();
            CompletionPass pass = new CompletionPass(decoder, packed, 0);
            phases.add("forward", start);
            start = System.nanoTime();
            pass.backward(weights);
            phases.add("head and backward", start);
        }
    }
}
