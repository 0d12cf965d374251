package cogent.model.direct;

import cogent.model.tensor.DType;
import cogent.model.tensor.Memory;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.lang.foreign.MemorySegment;

/**
 * Rows of numbers, until it is closed.
 *
 * @param tensor F32 {@code [rows, width]}
 * @param values its memory
 */
public record Block(Tensor tensor, MemorySegment values) implements AutoCloseable {
    public static Block of(long rows, long width) {
        try (Scope _ = Scope.open()) {
            Tensor tensor = Tensors.zeros(DType.F32, rows, width).retained();
            return new Block(tensor, Memory.segment(tensor));
        }
    }

    public int rows() {
        return (int) tensor.size(0);
    }

    @Override
    public void close() {
        tensor.close();
    }
}
