package cogent.pipeline.run;

/** Which Cogent this is. */
public final class Version {
    /** As in the pom; a test compares. */
    public static final String NUMBER = "0.1.0";

    private Version() {}
}
