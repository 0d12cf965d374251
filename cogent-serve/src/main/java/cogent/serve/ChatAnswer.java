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
 * OpenAI's {@code chat.completion}.
 *
 * @param counted whether a stream will end with the counts: then every other chunk says that it has none
 */
record ChatAnswer(String id, long created, String model, boolean counted) implements Answer {
    ChatAnswer(String model, boolean counted) {
        this("chatcmpl-" + UUID.randomUUID(), System.currentTimeMillis() / 1000, model, counted);
    }

    @Override
    public ObjectNode whole(List<Drawn> drawn) {
        ObjectNode body = body("chat.completion");
        ArrayNode choices = body.putArray("choices");
        for (Drawn one : drawn) {
            ObjectNode choice = choices.addObject().put("index", choices.size() - 1);
            ObjectNode message = choice.putObject("message")
                    .put("role", "assistant")
                    .put("content", one.reply().text());
            if (!one.reply().reasoning().isEmpty()) {
                message.put("reasoning_content", one.reply().reasoning());
            }
            logprobs(choice, one.logprobs());
            choice.put("finish_reason", Answer.name(one.reply().finish()));
        }
        Answer.counts(body.putObject("usage"), drawn, drawn.size());
        return body;
    }

    @Override
    public ObjectNode piece(int index, Piece piece) {
        ObjectNode chunk = body("chat.completion.chunk");
        ObjectNode choice = chunk.putArray("choices").addObject().put("index", index);
        choice.putObject("delta").put("role", "assistant").put("content", piece.text());
        logprobs(choice, piece.logprobs());
        choice.putNull("finish_reason");
        return uncounted(chunk);
    }

    @Override
    public ObjectNode end(int index, Finish finish) {
        ObjectNode chunk = body("chat.completion.chunk");
        ObjectNode choice = chunk.putArray("choices").addObject().put("index", index);
        choice.putObject("delta");
        choice.put("finish_reason", Answer.name(finish));
        return uncounted(chunk);
    }

    @Override
    public ObjectNode usage(List<Drawn> drawn) {
        ObjectNode body = body("chat.completion.chunk");
        body.putArray("choices");
        Answer.counts(body.putObject("usage"), drawn, drawn.size());
        return body;
    }

    private static void logprobs(ObjectNode choice, List<TokenLogprob> tokens) {
        if (tokens.isEmpty()) {
            choice.putNull("logprobs");
            return;
        }
        ArrayNode content = choice.putObject("logprobs").putArray("content");
        for (TokenLogprob token : tokens) {
            ObjectNode one = candidate(content.addObject(), token.chosen());
            ArrayNode top = one.putArray("top_logprobs");
            token.top().forEach(candidate -> candidate(top.addObject(), candidate));
        }
    }

    private static ObjectNode candidate(ObjectNode json, Candidate candidate) {
        json.put("token", candidate.token()).put("logprob", candidate.logprob());
        if (candidate.bytes().isEmpty()) {
            json.putNull("bytes");
        } else {
            ArrayNode bytes = json.putArray("bytes");
            candidate.bytes().forEach(one -> bytes.add(Byte.toUnsignedInt(one)));
        }
        return json;
    }

    private ObjectNode uncounted(ObjectNode chunk) {
        if (counted) {
            chunk.putNull("usage");
        }
        return chunk;
    }

    private ObjectNode body(String object) {
        return Wire.JSON
                .createObjectNode()
                .put("id", id)
                .put("object", object)
                .put("created", created)
                .put("model", model);
    }
}
