package cogent.model.tensor;

import java.util.List;
import org.bytedeco.pytorch.IValue;

/** Operators over many tensors in one call, for the optimiser. */
public final class Foreach {
    private static final BoxedOperator NORM = BoxedOperator.named("aten::_foreach_norm", "Scalar");
    private static final BoxedOperator MUL = BoxedOperator.named("aten::_foreach_mul_", "Scalar");
    private static final BoxedOperator ADD = BoxedOperator.named("aten::_foreach_add_", "List");
    private static final BoxedOperator COPY = BoxedOperator.named("aten::_foreach_copy_", "");
    private static final BoxedOperator STACK = BoxedOperator.named("aten::stack", "");
    private static final BoxedOperator ZERO = BoxedOperator.named("aten::_foreach_zero_", "");
    private static final BoxedOperator FUSED_ADAMW = BoxedOperator.named("aten::_fused_adamw_", "");

    private Foreach() {}

    /** Tensors that go into many calls: boxed once, which for hundreds of them takes as long as the call. */
    public static final class Held extends BoxedOperator.BoxedList implements AutoCloseable {
        private final List<Tensor> tensors;
        private final IValue boxed;

        public Held(List<Tensor> tensors) {
            this.tensors = List.copyOf(tensors);
            try (Scope _ = Scope.open()) {
                boxed = BoxedOperator.box(this.tensors).retainReference();
            }
        }

        @Override
        IValue boxed() {
            return boxed;
        }

        @Override
        public Tensor get(int index) {
            return tensors.get(index);
        }

        @Override
        public int size() {
            return tensors.size();
        }

        /** Frees the box; the tensors stay. */
        @Override
        public void close() {
            boxed.deallocate();
        }
    }

    /** The L2 norm of all elements of all tensors together. */
    public static double norm(List<Tensor> tensors) {
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            Tensor norms = STACK.tensor(NORM.boxed(tensors, 2.0, BoxedOperator.NONE), 0L);
            double squares = 0;
            for (float norm : norms.toFloats()) { // read from the device at once
                squares += (double) norm * norm;
            }
            return Math.sqrt(squares);
        }
    }

    public static void mul_(List<Tensor> tensors, double factor) {
        call(MUL, tensors, factor);
    }

    /** tensors[i] += alpha · others[i]. */
    public static void add_(List<Tensor> tensors, List<Tensor> others, double alpha) {
        call(ADD, tensors, others, alpha);
    }

    /** Copies the values of each, converted. */
    public static void copy_(List<Tensor> tensors, List<Tensor> from) {
        call(COPY, tensors, from, false);
    }

    public static void zero_(List<Tensor> tensors) {
        call(ZERO, tensors);
    }

    /**
     * The settings of one AdamW step (Loshchilov and Hutter, 2019: decoupled weight decay).
     *
     * @param lr learning rate of this step
     */
    public record AdamW(double lr, double beta1, double beta2, double eps, double weightDecay) {}

    /**
     * One fused AdamW step in place, equal to {@code torch.optim.AdamW}.
     *
     * @param steps one float scalar for each parameter: the number of this step, from 1
     */
    public static void adamw_(
            AdamW s, List<Tensor> params, List<Tensor> grads, List<Tensor> m, List<Tensor> v, List<Tensor> steps) {
        call(
                FUSED_ADAMW,
                params,
                grads,
                m,
                v,
                List.of(),
                steps,
                s.lr(),
                s.beta1(),
                s.beta2(),
                s.weightDecay(),
                s.eps(),
                false,
                false,
                BoxedOperator.NONE,
                BoxedOperator.NONE);
        params.forEach(Tensor::changed);
    }

    private static void call(BoxedOperator operator, Object... arguments) {
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            operator.call(arguments);
        }
    }
}
