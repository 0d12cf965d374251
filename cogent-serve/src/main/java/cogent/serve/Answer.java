package cogent.serve;

import cogent.llm.ChatReply;
import cogent.llm.ChatReply.Finish;
import cogent.llm.Piece;
import cogent.llm.TokenLogprob;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** How the replies to one request are written: whole, or in chunks under the same id. */
interface Answer {
    /** @param logprobs of all its tokens; empty where nobody asked for them */
    record Drawn(ChatReply reply, List<TokenLogprob> logprobs) {}

    ObjectNode whole(List<Drawn> drawn);

    ObjectNode piece(int index, Piece piece);

    ObjectNode end(int index, Finish finish);

    ObjectNode usage(List<Drawn> drawn);

    /** OpenAI's name for it. */
    static String name(Finish finish) {
        return switch (finish) {
            case STOP, OTHER -> "stop";
            case LENGTH -> "length";
            case CONTENT_FILTER -> "content_filter";
        };
    }

    /**
     * The token counts.
     *
     * @param n replies to each prompt, one prompt's after the other's: a prompt counts once, its replies all
     */
    static ObjectNode counts(ObjectNode counts, List<Drawn> drawn, int n) {
        long prompt = 0;
        long completion = 0;
        long reasoning = 0;
        for (int i = 0; i < drawn.size(); i++) {
            ChatReply.Usage usage = drawn.get(i).reply().usage();
            prompt += i % n == 0 ? usage.promptTokens() : 0;
            completion += usage.completionTokens();
            reasoning += usage.reasoningTokens();
        }
        counts.put("prompt_tokens", prompt)
                .put("completion_tokens", completion)
                .put("total_tokens", prompt + completion);
        counts.putObject("completion_tokens_details").put("reasoning_tokens", reasoning);
        return counts;
    }
}
