package cogent.model.tensor;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Argument;
import org.bytedeco.pytorch.BooleanList;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.LongList;
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

    /** Tensors that are boxed already. */
    abstract static class BoxedList extends AbstractList<Tensor> {
        abstract IValue boxed();
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

    /** The first result, however many tensors that is, as it goes into the next operator. */
    IValue boxed(Object... arguments) {
        return call(arguments).get(0);
    }

    /** The first result. */
    Tensor tensor(Object... arguments) {
        return tensor(call(arguments), 0);
    }

    /** One of several results. */
    static Tensor tensor(IValueVector results, int index) {
        return Tensor.own(new org.bytedeco.pytorch.Tensor(results.get(index).toTensor()));
    }

    /**
     * A list must be boxed as a GenericList, which all lists of libtorch are in memory: it aborts the process over a boxed
     * vector of tensors.
     */
    static IValue box(Object argument) {
        return switch (argument) {
            case Double number -> new IValue(number);
            case Long number -> new IValue(number);
            case Boolean flag -> new IValue(flag);
            case String text -> new IValue(text);
            case Tensor tensor -> new IValue(tensor.raw());
            case IValue boxed -> boxed;
            case long[] numbers -> new IValue(new GenericList((Pointer) new LongList(numbers)));
            case boolean[] flags -> {
                BooleanList list = new BooleanList(); // a reference to a Java array would not outlive its call
                for (boolean flag : flags) {
                    list.push_back(flag);
                }
                yield new IValue(new GenericList((Pointer) list));
            }
            case BoxedList list -> list.boxed();
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

    /** An empty list for one of its arguments, of whatever type that wants. */
    IValue emptyList(int argument) {
        Argument list = handle.schema().arguments().getPointer(Argument.class, argument);
        IValue boxed = new IValue(new GenericList(list.type().get().containedType(0)));
        boxed.retainReference();
        return boxed;
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
