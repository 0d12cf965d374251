package cogent.model.tensor;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Type;

/**
 * Operators over many tensors in one call, for the optimiser. They are not bound to Java and go through libtorch's
 * dispatcher with boxed arguments.
 */
public final class Foreach {
    static {
        LibTorch.load();
    }

    private static final OperatorHandle NORM = operator("aten::_foreach_norm", "Scalar");
    private static final OperatorHandle MUL = operator("aten::_foreach_mul_", "Scalar");
    private static final OperatorHandle ADD = operator("aten::_foreach_add_", "List");
    private static final OperatorHandle ZERO = operator("aten::_foreach_zero_", "");
    private static final OperatorHandle FUSED_ADAMW = operator("aten::_fused_adamw_", "");
    private static final Object NONE = new Object();
    private static final Type.TypePtr TENSOR = elementType();

    private Foreach() {}

    /** The L2 norm of all elements of all tensors together. */
    public static double norm(List<Tensor> tensors) {
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            var stack = new IValueVector(box(tensors), box(2.0), box(NONE));
            NORM.callBoxed(stack);
            GenericList norms = stack.get(0).toList();
            double squares = 0;
            for (long i = 0; i < norms.size(); i++) {
                double norm = norms.get(i).toTensor().item_double();
                squares += norm * norm;
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
                NONE,
                NONE);
    }

    private static void call(OperatorHandle operator, Object... arguments) {
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            operator.callBoxed(
                    new IValueVector(Arrays.stream(arguments).map(Foreach::box).toArray(IValue[]::new)));
        }
    }

    /** A list must be boxed as a GenericList: libtorch aborts the process over a boxed vector of tensors. */
    private static IValue box(Object argument) {
        return switch (argument) {
            case Double number -> new IValue(number);
            case Boolean flag -> new IValue(flag);
            case List<?> tensors -> {
                GenericList list = new GenericList(TENSOR);
                for (Object tensor : tensors) {
                    list.push_back(new IValue(((Tensor) tensor).raw()));
                }
                yield new IValue(list);
            }
            default -> new IValue();
        };
    }

    private static OperatorHandle operator(String name, String overload) {
        return Dispatcher.singleton().findSchemaOrThrow(name, overload).retainReference();
    }

    /** The element type of a list of tensors, taken from an operator that has one. */
    private static Type.TypePtr elementType() {
        Type.TypePtr type = NORM.schema().arguments().type().get().containedType(0);
        return type.retainReference();
    }
}
