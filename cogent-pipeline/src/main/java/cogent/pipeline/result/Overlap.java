package cogent.pipeline.result;

import java.util.List;

/**
 * Problems of a benchmark that the training corpus holds as well: an accuracy on them says nothing.
 *
 * @param rows how many rows of the corpus
 * @param examples the first of them, as {@code row ~ problem}
 */
public record Overlap(long rows, List<String> examples) {
    public Overlap {
        examples = List.copyOf(examples);
    }
}
