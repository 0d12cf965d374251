package cogent.llm.openai;

import cogent.data.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A secret that names where it came from and never shows itself: only this package can read its value, and
 * {@link #toString()} gives the source. It is read when made and never stored.
 */
public final class ApiKey {
    /** No key at all, as local servers want it. */
    public static final ApiKey NONE = new ApiKey("no key", "");

    /** Shorter values are placeholders such as {@code EMPTY}; hiding them would only garble texts. */
    private static final int SECRET_LENGTH = 6;

    private final String source;
    private final String value;

    private ApiKey(String source, String value) {
        this.source = source;
        this.value = value;
    }

    /** @throws InputException when the variable is not set, or holds what no HTTP header can */
    public static ApiKey fromEnvironment(String variable) {
        String value = System.getenv(variable);
        if (value == null || value.isBlank()) {
            throw new InputException("the environment variable " + variable
                    + ", which should hold the endpoint's key, is not set. Set it (export " + variable
                    + "=…) and run the same command again.");
        }
        return of("environment variable " + variable, value);
    }

    /** @throws InputException when the file cannot be read, is empty, or holds what no HTTP header can */
    public static ApiKey fromFile(Path file) {
        try {
            return of("file " + file, Files.readString(file));
        } catch (IOException e) {
            throw new InputException("cannot read the key file " + file + ". Does it exist, may you read it?", e);
        }
    }

    public static ApiKey of(String source, String text) {
        String value = text.strip();
        if (value.isEmpty() || value.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new InputException("the key in " + source
                    + " is empty or holds blanks or signs that no key has. Put the key alone there.");
        }
        return new ApiKey(source, value);
    }

    public boolean isSet() {
        return !value.isEmpty();
    }

    public String value() {
        return value;
    }

    /** The text with the key blotted out, should somebody have echoed it. */
    String redact(String text) {
        return value.length() < SECRET_LENGTH ? text : text.replace(value, "[key]");
    }

    /** Where the key came from, such as {@code environment variable OPENAI_API_KEY}; never the key. */
    @Override
    public String toString() {
        return source;
    }
}
