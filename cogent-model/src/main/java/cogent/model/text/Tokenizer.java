package cogent.model.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.util.Utils;
import cogent.data.InputException;
import cogent.model.process.NativeLibraries;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Text to token ids and back, as the model's own {@code tokenizer.json} says (Hugging Face's Rust tokenizers through
 * DJL). Nothing is truncated, padded or downloaded. Safe for use by many threads; use after {@link #close} is refused.
 */
public final class Tokenizer implements AutoCloseable {
    static {
        // Before the first touch of DJL: no look for a CUDA build, no network, whatever the machine.
        System.setProperty("RUST_FLAVOR", "cpu");
        System.setProperty("ai.djl.offline", "true");
    }

    /** What a directory saved from this one needs to be loaded as the same tokenizer elsewhere. */
    private static final List<String> FILES = List.of(
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.json",
            "merges.txt",
            "tokenizer.model",
            "chat_template.jinja",
            "chat_template.json",
            "generation_config.json");

    private static final Map<String, String> SETTINGS =
            Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");

    private final Path directory;
    private final Vocabulary vocabulary;
    private final SpecialTokens special;
    private final ReadWriteLock lifetime = new ReentrantReadWriteLock();
    private final HuggingFaceTokenizer library;
    private boolean closed;

    private Tokenizer(Path directory, Vocabulary vocabulary, SpecialTokens special, HuggingFaceTokenizer library) {
        this.directory = directory;
        this.vocabulary = vocabulary;
        this.special = special;
        this.library = library;
    }

    /**
     * Loads {@code tokenizer.json} and, where there, {@code tokenizer_config.json}, {@code special_tokens_map.json},
     * {@code config.json} and {@code generation_config.json} of a Hugging Face directory.
     *
     * @throws InputException when there is no tokenizer.json, or it is not one
     */
    public static Tokenizer load(Path directory) {
        Path file = directory.resolve("tokenizer.json");
        if (!Files.isRegularFile(file)) {
            throw new InputException(missing(directory));
        }
        Vocabulary vocabulary = Vocabulary.read(file);
        NativeLimits.require(file, vocabulary);
        SpecialTokens special = SpecialTokens.read(directory);
        try (InputStream in = Files.newInputStream(file)) {
            return new Tokenizer(directory, vocabulary, special, HuggingFaceTokenizer.newInstance(in, SETTINGS));
        } catch (LinkageError e) {
            throw NativeLibraries.refused("the tokenizer's native library", e);
        } catch (IOException e) {
            throw InputException.unreadable(file, e);
        } catch (RuntimeException e) { // the native library throws it bare for whatever it cannot parse
            if (String.valueOf(e.getMessage()).contains("native library")) { // its own, of whatever file
                throw new InputException(
                        "the tokenizer's native library cannot be unpacked in %s: DJL_CACHE_DIR names another folder, which must be one to write and to run from"
                                .formatted(Utils.getEngineCacheDir("tokenizers")),
                        e);
            }
            throw new InputException(file + " is not a tokenizer that can be loaded: " + e.getMessage(), e);
        }
    }

    private static String missing(Path directory) {
        if (Files.isRegularFile(directory.resolve("tokenizer.model"))) {
            return directory
                    + " has a tokenizer.model (SentencePiece or tiktoken) but no tokenizer.json, which Cogent reads."
                    + " Take tokenizer.json from the model's page, or have transformers write it:"
                    + " AutoTokenizer.from_pretrained(dir).save_pretrained(dir)";
        }
        return Files.isDirectory(directory)
                ? "no tokenizer.json in " + directory + ": give a Hugging Face model directory that has one"
                : "no directory " + directory + ": give a Hugging Face model directory with a tokenizer.json";
    }

    /**
     * The first of this tokenizer's tokens that is another one there, in words; empty where ids mean the same. What the other has
     * besides does not count.
     */
    public Optional<String> unlike(Tokenizer other) {
        SortedMap<Integer, String> own = vocabulary.byId();
        SortedMap<Integer, String> others = other.vocabulary.byId();
        return own.entrySet().stream()
                .filter(token -> !token.getValue().equals(others.get(token.getKey())))
                .findFirst()
                .map(token -> "token %d is \"%s\" of %s and %s of %s"
                        .formatted(
                                token.getKey(),
                                token.getValue(),
                                directory,
                                others.containsKey(token.getKey()) ? "\"" + others.get(token.getKey()) + "\"" : "none",
                                other.directory));
    }

    /** The ids of the text alone: no BOS or EOS is added; special tokens written in the text become their single ids. */
    public int[] encode(String text) {
        return using(library -> ids(library.encode(text, false, false)));
    }

    /** The ids of the text with what the tokenizer's post-processor adds around it (often a BOS). */
    public int[] encodeWithSpecialTokens(String text) {
        return using(library -> ids(library.encode(text, true, false)));
    }

    /** {@link #encode} of many texts, on all cores. */
    public List<int[]> encode(List<String> texts) {
        return using(library -> Arrays.stream(library.batchEncode(texts, false, false))
                .map(Tokenizer::ids)
                .toList());
    }

    /** The text of the ids, special tokens written out. Bytes that are no UTF-8 become U+FFFD. */
    public String decode(int... ids) {
        return using(library -> library.decode(longs(ids), false));
    }

    /** The text of the ids without the special tokens: what a reader wants to see of a reply. */
    public String decodeSkippingSpecialTokens(int... ids) {
        return using(library -> library.decode(longs(ids), true));
    }

    /** The id of a token by its exact spelling in the vocabulary, special and added tokens included. */
    public OptionalInt id(String token) {
        return vocabulary.id(token);
    }

    /** The tokens added to the model's vocabulary ({@code added_tokens}) with their ids, special ones among them. */
    public Map<String, Integer> addedTokens() {
        return vocabulary.added();
    }

    Vocabulary vocabulary() {
        return vocabulary;
    }

    /** Whether the token is an added one that steers the model and is no text. */
    boolean isSpecial(String token) {
        return vocabulary.isSpecial(token);
    }

    /** One more than the largest id, added tokens included. A model's embedding may have more rows, never fewer. */
    public int vocabSize() {
        return vocabulary.size();
    }

    /** Special tokens by their Hugging Face names ({@code bos_token}, {@code eos_token}, {@code pad_token}, …). */
    public Map<String, String> specialTokens() {
        return special.named();
    }

    /** The id of a special token by its name, such as {@code eos_token}; empty where the model has none. */
    public OptionalInt specialId(String name) {
        String token = special.named().get(name);
        return token == null ? OptionalInt.empty() : id(token);
    }

    /**
     * The ids that end a generated text: {@code eos_token_id} of generation_config.json (of config.json where that has
     * none), and the {@code eos_token} of the tokenizer.
     */
    public SortedSet<Integer> stopIds() {
        var ids = new TreeSet<>(special.eosIds());
        specialId("eos_token").ifPresent(ids::add);
        return Collections.unmodifiableSortedSet(ids);
    }

    /** The directory that this tokenizer was loaded from. */
    public Path directory() {
        return directory;
    }

    /** Copies the tokenizer's files, byte for byte, into the directory of a model that is being saved. */
    public void copyTo(Path target) throws IOException {
        Stream<Path> templates = ChatTemplate.additional(directory).stream();
        for (Path file :
                Stream.concat(FILES.stream().map(directory::resolve), templates).toList()) {
            if (Files.isRegularFile(file)) {
                Path copy = target.resolve(directory.relativize(file));
                Files.createDirectories(copy.getParent());
                if (!Files.exists(copy) || !Files.isSameFile(file, copy)) {
                    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    /** Frees the native tokenizer once no other thread is inside it. */
    @Override
    public void close() {
        lifetime.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                library.close();
            }
        } finally {
            lifetime.writeLock().unlock();
        }
    }

    private <T> T using(Function<HuggingFaceTokenizer, T> work) {
        lifetime.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the tokenizer of " + directory + " is closed");
            }
            try {
                return work.apply(library);
            } catch (RuntimeException e) { // bare from the native library, for what only a text brings to light
                throw new InputException(
                        directory.resolve("tokenizer.json") + " fails on this text: " + e.getMessage(), e);
            }
        } finally {
            lifetime.readLock().unlock();
            Reference.reachabilityFence(library); // it has a finalizer that frees the native part
        }
    }

    private static int[] ids(Encoding encoding) {
        long[] ids = encoding.getIds();
        int[] result = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            result[i] = Math.toIntExact(ids[i]);
        }
        return result;
    }

    private static long[] longs(int[] ids) {
        return Arrays.stream(ids).asLongStream().toArray();
    }
}
