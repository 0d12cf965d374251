package cogent.jinja.value;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A value that is none of Python's own types: a function, the variable {@code loop}, a macro, a namespace. */
public interface PythonObject {
    /** Its type's name. */
    String type();

    /** With the module where Python's name has one. */
    default String qualifiedType() {
        return type();
    }

    /** The attribute of that name, or null. */
    default @Nullable Object attribute(String name) {
        return null;
    }

    /** Its length where it has one. */
    default OptionalInt length() {
        return OptionalInt.empty();
    }
}
