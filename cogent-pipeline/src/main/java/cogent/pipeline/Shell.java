package cogent.pipeline;

/** Commands that are advised, so that they can be copied into a shell. */
public final class Shell {
    private Shell() {}

    /** What this program was called by. */
    public static String cogent() {
        return quoted(System.getProperty("cogent.command", "./cogent"));
    }

    /** One word, whatever is in it. */
    public static String quoted(String word) {
        return word.matches("[\\w./:=,+@%-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
