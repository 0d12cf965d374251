package cogent.model.tensor;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Type;

/** An operator that is not bound to Java: it is called through libtorch's dispatcher with boxed arguments. */
final class BoxedOperator {
    static {
        LibTorch.load();
    }

    /** The argument that says nothing. */
    static final Object NONE = new Object();

    private static final Type.TypePtr TENSOR = elementType();

    private final OperatorHandle handle;

    private BoxedOperator(OperatorHandle handle) {
        this.handle = handle;
    }

    /** @param overload as in the operator's schema; empty for most */
    static BoxedOperator named(String name, String overload) {
        return new BoxedOperator(handle(name, overload));
    }

    /**
     * Calls it in the open scope.
     *
     * @param arguments every one of the schema, in its order
     * @return its results; their memory belongs to the open scope
     */
    IValueVector call(Object... arguments) {
        var stack = new IValueVector(
                Arrays.stream(arguments).map(BoxedOperator::box).toArray(IValue[]::new));
        handle.callBoxed(stack);
        return stack;
    }

    /** The first result. */
    Tensor tensor(Object... arguments) {
        return Tensor.own(new org.bytedeco.pytorch.Tensor(call(arguments).get(0).toTensor()));
    }

    /** A list must be boxed as a GenericList: libtorch aborts the process over a boxed vector of tensors. */
    private static IValue box(Object argument) {
        return switch (argument) {
            case Double number -> new IValue(number);
            case Long number -> new IValue(number);
            case Boolean flag -> new IValue(flag);
            case Tensor tensor -> new IValue(tensor.raw());
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

    private static OperatorHandle handle(String name, String overload) {
        return Dispatcher.singleton().findSchemaOrThrow(name, overload).retainReference();
    }

    /** The element type of a list of tensors, taken from an operator that has one. */
    private static Type.TypePtr elementType() {
        Type.TypePtr type = handle("aten::_foreach_norm", "Scalar")
                .schema()
                .arguments()
                .type()
                .get()
                .containedType(0);
        return type.retainReference();
    }
}
