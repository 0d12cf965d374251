package cogent.jinja;

/** What a template can call: a method, a macro, a global function. */
@FunctionalInterface
interface Callable {
    Object call(CallArguments arguments);

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
