package cogent.model.tensor;

import cogent.data.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import org.bytedeco.javacpp.Loader;

/** This machine as JavaCPP names it ({@code linux-x86_64}), and what the class path holds of libtorch for it. Loads nothing. */
public final class Platform {
    static final String NAME = Loader.Detector.getPlatform();

    /** For which Maven Central has natives of this version. */
    private static final Set<String> PUBLISHED =
            Set.of("linux-x86_64", "macosx-arm64", "macosx-x86_64", "windows-x86_64");

    private Platform() {}

    /** Where libtorch lies in its jar: the CUDA build has a folder of its own. */
    static String torch() {
        return holds("pytorch", NAME + "-gpu") ? NAME + "-gpu" : NAME;
    }

    static boolean hasMkl() {
        return Platform.class.getResource("/org/bytedeco/mkl/" + NAME + "/libmkl_rt.so.2") != null;
    }

    /**
     * Holds that there is something to load.
     *
     * @throws InputException when the class path has no natives for this platform
     */
    static void requireNatives() {
        if (holds("pytorch", torch())) {
            return;
        }
        throw new InputException("libtorch is not here for " + NAME
                + (PUBLISHED.contains(NAME)
                        ? ": the class path lacks pytorch's jar of that name"
                        : ", and Maven Central has none for it: models cannot be run or trained on this machine;"
                                + " curation, plan and reports can"));
    }

    /** libtorch's version and what is there of it, such as {@code 2.10.0-1.5.13, linux-x86_64, mkl}. */
    public static String described() {
        try {
            return Loader.getVersion("org.bytedeco", "pytorch") + ", "
                    + (holds("pytorch", torch()) ? torch() : "no natives for " + NAME) + (hasMkl() ? ", mkl" : "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean holds(String library, String platform) {
        return Platform.class.getResource("/org/bytedeco/" + library + "/" + platform + "/") != null;
    }
}
