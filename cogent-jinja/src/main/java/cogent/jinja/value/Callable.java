package cogent.jinja.value;

/** What a template can call: a method, a macro, a global function. */
@FunctionalInterface
public interface Callable extends PythonObject {
    Object call(CallArguments arguments);

    @Override
    default String type() {
        return "builtin_function_or_method";
    }

    /** With the name that it prints as. */
    static Callable named(String shown, Callable function) {
        return new Callable() {
            @Override
            public Object call(CallArguments arguments) {
                return function.call(arguments);
            }

            @Override
            public String toString() {
                return shown;
            }
        };
    }
}
