package cogent.llm.openai;

import cogent.llm.SamplingParams;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
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
    private static final Pattern ONLY_STREAMS = Pattern.compile("only supports? stream|non-streaming call");

    static Dialect of(boolean stream) {
        return new Dialect(false, stream, true, Long.MAX_VALUE);
    }

    /** What to ask in instead, after a refusal; empty where other words would not help. */
    Optional<Dialect> after(String said, SamplingParams sampling) {
        String lower = said.toLowerCase(Locale.ROOT);
        if (!completionTokens
                && sampling.maxTokens() != null
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
        if (most.isPresent() && most.getAsLong() < sent(sampling, mostTokens).orElse(0)) {
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

    /**
     * The bound on a reply as it is sent; empty without one.
     *
     * @param room what the context leaves for this reply
     */
    OptionalLong sent(SamplingParams sampling, long room) {
        OptionalLong bound = sampling.completionBound();
        return bound.isPresent()
                ? OptionalLong.of(Math.min(bound.getAsLong(), Math.min(mostTokens, room)))
                : OptionalLong.empty();
    }

    /** Rewrites a request's body. */
    void speak(ObjectNode body, SamplingParams sampling, long room) {
        OptionalLong bound = sent(sampling, room);
        if (bound.isPresent()) {
            boolean renamed = completionTokens || !body.has("max_tokens");
            if (renamed) {
                body.remove("max_tokens");
            }
            body.put(renamed ? "max_completion_tokens" : "max_tokens", bound.getAsLong());
        }
        if (stream) {
            body.put("stream", true);
            if (countedStream) {
                body.putObject("stream_options").put("include_usage", true);
            }
        }
    }
}
