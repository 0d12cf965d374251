package cogent.model.gguf;

import cogent.data.InputException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a file's metadata says of the shape of its model.
 *
 * @param architecture which all keys begin with
 */
record Keys(Gguf gguf, String architecture) {
    /** How many of the layers only guess further tokens. */
    static final String AHEAD = "nextn_predict_layers";

    /** Without those that only guess further tokens. */
    long layers() {
        return whole("block_count") - whole(AHEAD, 0);
    }

    /** Of queries and keys. */
    long headDim() {
        long heads = whole("attention.head_count");
        return whole("attention.key_length", heads == 0 ? 0 : whole("embedding_length") / heads);
    }

    /** @throws InputException when it is missing, or something else */
    long whole(String key) {
        return required(key, gguf::whole);
    }

    long whole(String key, long absent) {
        return gguf.whole(key(key)).orElse(absent);
    }

    double number(String key) {
        return shortest(required(key, gguf::number));
    }

    double number(String key, double absent) {
        return gguf.number(key(key)).map(Keys::shortest).orElse(absent);
    }

    boolean flag(String key, boolean absent) {
        return gguf.flag(key(key)).orElse(absent);
    }

    boolean isList(String key) {
        return gguf.metadata().get(key(key)) instanceof List;
    }

    List<Boolean> flags(String key) {
        return gguf.list(key(key), Boolean.class);
    }

    private <T> T required(String key, Function<String, Optional<T>> kind) {
        return kind.apply(key(key)).orElseThrow(() -> refused("no " + key(key)));
    }

    /** Files hold single precision: 1e-5 is meant where 9.99999974738e-6 stands. */
    static double shortest(double value) {
        return Double.parseDouble(Float.toString((float) value));
    }

    String key(String key) {
        return architecture + "." + key;
    }

    InputException refused(String what) {
        return new InputException(gguf.file() + ": " + what);
    }
}
