package cogent.serve;

import cogent.llm.ChatReply.Finish;
import cogent.llm.Piece;
import cogent.llm.TokenLogprob;
import cogent.llm.TokenLogprob.Candidate;
import cogent.llm.openai.Wire;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * OpenAI's {@code text_completion}.
 *
 * @param n completions of each prompt
 */
record CompletionAnswer(String id, long created, String model, int n) implements Answer {
    CompletionAnswer(String model, int n) {
        this("cmpl-" + UUID.randomUUID(), System.currentTimeMillis() / 1000, model, n);
    }

    @Override
    public ObjectNode whole(List<Drawn> drawn) {
        ObjectNode body = body();
        ArrayNode choices = body.putArray("choices");
        for (Drawn one : drawn) {
            choice(choices, choices.size(), one.reply().text(), one.logprobs())
                    .put("finish_reason", Answer.name(one.reply().finish()));
        }
        Answer.counts(body.putObject("usage"), drawn, n);
        return body;
    }

    @Override
    public ObjectNode piece(int index, Piece piece) {
        ObjectNode chunk = body();
        choice(chunk.putArray("choices"), index, piece.text(), piece.logprobs()).putNull("finish_reason");
        return chunk;
    }

    @Override
    public ObjectNode end(int index, Finish finish) {
        ObjectNode chunk = body();
        choice(chunk.putArray("choices"), index, "", List.of()).put("finish_reason", Answer.name(finish));
        return chunk;
    }

    @Override
    public ObjectNode usage(List<Drawn> drawn) {
        ObjectNode body = body();
        body.putArray("choices");
        Answer.counts(body.putObject("usage"), drawn, n);
        return body;
    }

    private static ObjectNode choice(ArrayNode choices, int index, String text, List<TokenLogprob> tokens) {
        ObjectNode choice = choices.addObject().put("index", index).put("text", text);
        if (tokens.isEmpty()) {
            return choice.putNull("logprobs");
        }
        ObjectNode logprobs = choice.putObject("logprobs");
        ArrayNode spelled = logprobs.putArray("tokens");
        ArrayNode values = logprobs.putArray("token_logprobs");
        ArrayNode tops = logprobs.putArray("top_logprobs");
        ArrayNode offsets = logprobs.putArray("text_offset");
        for (TokenLogprob token : tokens) {
            spelled.add(token.chosen().token());
            offsets.add(token.offset());
            if (Double.isNaN(token.chosen().logprob())) { // nothing stands before it
                values.addNull();
                tops.addNull();
            } else {
                values.add(token.chosen().logprob());
                top(tops.addObject(), token);
            }
        }
        return choice;
    }

    /** The token itself is always among them. */
    private static void top(ObjectNode top, TokenLogprob token) {
        for (Candidate candidate : token.top()) {
            if (!top.has(candidate.token())) {
                top.put(candidate.token(), candidate.logprob());
            }
        }
        if (!top.has(token.chosen().token())) {
            top.put(token.chosen().token(), token.chosen().logprob());
        }
    }

    private ObjectNode body() {
        return Wire.JSON
                .createObjectNode()
                .put("id", id)
                .put("object", "text_completion")
                .put("created", created)
                .put("model", model);
    }
}
