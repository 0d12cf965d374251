package cogent.llm.openai;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a server wants to be asked; learned from its refusals, which cost nothing.
 *
 * @param completionTokens the bound on a reply is called {@code max_completion_tokens}, as OpenAI's thinking models want it
 * @param stream the reply is wanted piece by piece
 * @param countedStream a stream's token counts are asked for
 * @param mostTokens what the server lets any reply have
 */
record Dialect(boolean completionTokens, boolean stream, boolean countedStream, long mostTokens) {
    private static final Pattern ONLY_STREAMS = Pattern.compile(
            "only supports? stream|non-streaming call|must (?:have|set) `?stream`? ?= ?`?true|requires? stream");

    static Dialect of(boolean stream) {
        return new Dialect(false, stream, true, Long.MAX_VALUE);
    }

    /**
     * What to ask in instead, after a refusal; empty where other words would not help.
     *
     * @param body of the request that was refused
     */
    Optional<Dialect> after(String said, ObjectNode body) {
        String lower = said.toLowerCase(Locale.ROOT);
        if (body.has("max_tokens")
                && lower.contains("max_completion_tokens")
                && (lower.contains("support") || lower.contains("instead"))) {
            return Optional.of(new Dialect(true, stream, countedStream, mostTokens));
        }
        if (!stream && ONLY_STREAMS.matcher(lower).find()) {
            return Optional.of(new Dialect(completionTokens, true, countedStream, mostTokens));
        }
        if (stream && countedStream && lower.contains("stream_options")) {
            return Optional.of(new Dialect(completionTokens, true, false, mostTokens));
        }
        OptionalLong most = ContextLimit.mostOfAReply(said);
        if (most.isPresent() && most.getAsLong() < bound(body).orElse(0)) {
            return Optional.of(new Dialect(completionTokens, stream, countedStream, most.getAsLong()));
        }
        return Optional.empty();
    }

    /** What is asked in another way than before, as a sentence for the user. */
    String differenceFrom(Dialect before) {
        if (completionTokens != before.completionTokens) {
            return "the model wants max_completion_tokens in place of max_tokens, and gets it";
        }
        if (stream != before.stream) {
            return "the model only streams, and is asked for streams";
        }
        return countedStream == before.countedStream
                ? "the model's replies have at most %,d tokens; max_tokens is lowered to that".formatted(mostTokens)
                : "the server takes no stream_options; tokens of its streams are estimated";
    }

    /** The bound on the reply in a request's body; empty without one. */
    static OptionalLong bound(ObjectNode body) {
        return Stream.of("max_tokens", "max_completion_tokens")
                .filter(body::has)
                .mapToLong(name -> body.path(name).asLong())
                .findFirst();
    }

    /**
     * Rewrites a request's body.
     *
     * @param left what the context leaves for this reply
     */
    void speak(ObjectNode body, long left) {
        bound(body).ifPresent(bound -> {
            boolean renamed = completionTokens || !body.has("max_tokens");
            body.remove(List.of("max_tokens", "max_completion_tokens"));
            body.put(renamed ? "max_completion_tokens" : "max_tokens", Math.min(bound, Math.min(mostTokens, left)));
        });
        if (stream) {
            body.put("stream", true);
            if (countedStream) {
                body.putObject("stream_options").put("include_usage", true);
            }
        }
    }
}
