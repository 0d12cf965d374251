package cogent.pipeline.train;

import cogent.data.InputException;
import cogent.train.objective.Objective;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.Comparator;

/** An objective of the user's own: a class on the class path, by its name. */
final class ObjectiveClass {
    private ObjectiveClass() {}

    /**
     * Makes one through its public constructor: that which takes a double gets β, else the one without parameters.
     *
     * @throws InputException when there is no such class, or it is no objective that can be made
     */
    static Objective load(String name, double beta) {
        Class<?> found = find(name);
        if (!Objective.class.isAssignableFrom(found)) {
            throw new InputException("objective " + name + " does not implement " + Objective.class.getName());
        }
        Constructor<?> constructor = Arrays.stream(found.getConstructors())
                .filter(c -> Arrays.equals(c.getParameterTypes(), new Class<?>[] {double.class})
                        || c.getParameterCount() == 0)
                .max(Comparator.comparingInt(Constructor::getParameterCount))
                .orElseThrow(() -> new InputException("objective " + name
                        + " has no public constructor without parameters, or with one double that takes beta"));
        try {
            return (Objective)
                    (constructor.getParameterCount() == 0 ? constructor.newInstance() : constructor.newInstance(beta));
        } catch (InvocationTargetException e) {
            throw new InputException("objective " + name + " cannot be made: " + e.getCause(), e);
        } catch (ReflectiveOperationException e) {
            throw new InputException("objective " + name + " cannot be made: its class is not public or abstract", e);
        }
    }

    private static Class<?> find(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new InputException(
                    "objective " + name + " is no class on the class path: start with `java -cp cogent.jar:yours.jar`,"
                            + " and write an inner class as Outer$Inner",
                    e);
        } catch (LinkageError e) {
            throw new InputException("objective " + name + " cannot be loaded: " + e, e);
        }
    }
}
