package cogent.model.generate;

import cogent.model.generate.Generation.Completion;
import cogent.model.generate.Generation.FinishReason;
import cogent.model.tensor.Tensor;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A text under way. */
final class GenerationRow {
    private final int index;
    private final Generation request;
    private final int end;
    private final SplittableRandom random;
    private final @Nullable TokenCounts counts;
    private int[] ids = new int[16];
    private int length;
    private @Nullable Tensor promptEnd;

    /**
     * @param index of the request in their order
     * @param end positions that the text can reach
     */
    GenerationRow(int index, Generation request, int end) {
        this.index = index;
        this.request = request;
        this.end = end;
        random = new SplittableRandom(request.seed());
        counts = request.sampling().penalties().areOff() ? null : new TokenCounts(request.prompt());
    }

    int index() {
        return index;
    }

    int[] prompt() {
        return request.prompt();
    }

    Generation request() {
        return request;
    }

    Sampler sampling() {
        return request.sampling();
    }

    int end() {
        return end;
    }

    boolean scored() {
        return request.logprobs().isPresent();
    }

    /** How many most probable tokens are told with each. */
    int top() {
        return request.logprobs().map(Generation.Logprobs::top).orElse(0);
    }

    /** What penalties fall on; null without any. */
    @Nullable
    TokenCounts counts() {
        return counts;
    }

    /** In [0, 1): the next of the seed's own numbers. */
    double uniform() {
        return random.nextDouble();
    }

    /** Where its newest token stands. */
    int position() {
        return request.prompt().length + length - 1;
    }

    /** Its newest token; it has one. */
    int last() {
        return ids[length - 1];
    }

    void add(int id) {
        if (length == ids.length) {
            ids = Arrays.copyOf(ids, 2 * length);
        }
        ids[length++] = id;
        if (counts != null) {
            counts.add(id);
        }
    }

    boolean isFull() {
        return position() + 1 >= end;
    }

    Completion completion(FinishReason reason) {
        return new Completion(Arrays.copyOf(ids, length), reason);
    }

    /** The final hidden state of its prompt, {@code [1, hidden]}, for others with the same prompt. */
    @Nullable
    Tensor promptEnd() {
        return promptEnd;
    }

    void setPromptEnd(Tensor retained) {
        promptEnd = retained;
    }

    void close() {
        if (promptEnd != null) {
            promptEnd.close();
        }
    }
}
