package cogent.jinja;

/**
 * What a missing variable, attribute or element is: empty as text and as a sequence, false, equal to its like, and an
 * error in any other use.
 *
 * @param reason the error
 */
record Undefined(String reason) {
    static Undefined variable(String name) {
        return new Undefined("'" + name + "' is undefined");
    }

    static Undefined member(Object owner, Object key) {
        String type = owner == None.NONE ? "None" : Types.qualifiedName(owner) + " object";
        return new Undefined(
                key instanceof String name
                        ? "'" + type + "' has no attribute " + Strings.repr(name)
                        : type + " has no element " + PythonValues.repr(key));
    }

    static Undefined unsafe(Object owner, String name) {
        return new Undefined("access to attribute '" + name + "' of '" + Types.name(owner) + "' object is unsafe.");
    }

    TemplateException used() {
        return new TemplateException(reason);
    }
}
