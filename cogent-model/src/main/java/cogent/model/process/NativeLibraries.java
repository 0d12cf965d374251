package cogent.model.process;

import cogent.data.InputException;

/** Why a native library is not there, in words for whoever started this JVM. */
public final class NativeLibraries {
    private NativeLibraries() {}

    /**
     * What is told in place of the JVM's error.
     *
     * @param library in words
     * @param e what loading it threw, or the class that loads it when it began
     */
    public static InputException refused(String library, Throwable e) {
        Throwable first = e;
        while (first.getCause() != null) {
            first = first.getCause();
        }
        String why = String.valueOf(first.getMessage());
        if (why.contains("in another classloader")) {
            why =
                    "another class loader of this JVM has it already, and only one can: put Cogent's jars with all that they need"
                            + " where the applications of this JVM share them, or start it anew";
        } else if (why.contains("llegal native access")) {
            why = "this JVM lets no native code in: start it with --enable-native-access=ALL-UNNAMED";
        }
        return new InputException(library + " cannot be loaded: " + why, e);
    }
}
