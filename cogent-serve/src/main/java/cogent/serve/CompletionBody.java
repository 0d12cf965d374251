package cogent.serve;

import cogent.llm.CompletionModel.Prompt;
import cogent.llm.CompletionModel.TextCall;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The body of {@code POST /v1/completions}, checked.
 *
 * @param calls one for each prompt, each for the first of its completions; the others take the following samples
 * @param n how many completions of each prompt
 */
record CompletionBody(List<TextCall> calls, int n, Streaming streaming) {
    private static final Set<String> READ = Sampled.fields("prompt", "logprobs", "echo", "best_of");
    private static final int USUAL_TOKENS = 16;

    /**
     * @param unseeded the sample of a request without a seed
     * @throws BadRequest naming the field
     */
    static CompletionBody of(RequestFields fields, int unseeded) {
        fields.requireServed(READ, Neutral.COMPLETION);
        boolean none = fields.value("logprobs").isBoolean() && !fields.flag("logprobs");
        Long logprobs = none ? null : fields.whole("logprobs", 0, Sampled.MOST_LOGPROBS);
        int n = Sampled.n(fields);
        if (fields.whole("best_of", 1, Integer.MAX_VALUE, n) != n) {
            throw fields.wrong("best_of", "is not served here, only the value of n: leave it out");
        }
        List<TextCall> calls = new ArrayList<>();
        for (Prompt prompt : prompts(fields)) {
            calls.add(new TextCall(
                    prompt,
                    fields.whole("max_tokens", 0, Integer.MAX_VALUE, USUAL_TOKENS),
                    fields.flag("echo"),
                    Sampled.params(fields, null),
                    fields.texts("stop", Sampled.MOST_STOPS),
                    logprobs == null ? OptionalInt.empty() : OptionalInt.of(Math.toIntExact(logprobs)),
                    Sampled.sample(fields, unseeded)));
        }
        if ((long) calls.size() * n > Replies.AT_ONCE) {
            throw fields.wrong("prompt", "may have at most " + Replies.AT_ONCE / n + " prompts at once");
        }
        return new CompletionBody(calls, n, Streaming.of(fields));
    }

    int count() {
        return calls.size() * n;
    }

    /** The completion of the given number, from 0: all of a prompt, then those of the next. */
    TextCall completion(int index) {
        TextCall first = calls.get(index / n);
        return first.withSample(first.sample() + index % n);
    }

    private static List<Prompt> prompts(RequestFields fields) {
        JsonNode prompt = fields.value("prompt");
        List<Prompt> prompts = new ArrayList<>();
        if (!prompt.isArray() || (!prompt.isEmpty() && prompt.path(0).isNumber())) {
            prompts.add(prompt(fields, prompt));
        } else {
            prompt.forEach(one -> prompts.add(prompt(fields, one)));
        }
        if (prompts.isEmpty()) {
            throw wrong(fields);
        }
        return prompts;
    }

    private static Prompt prompt(RequestFields fields, JsonNode prompt) {
        if (prompt.isString()) {
            return new Prompt.Text(prompt.asString());
        }
        List<Integer> ids = new ArrayList<>();
        for (JsonNode id : prompt.isArray() ? prompt : List.<JsonNode>of()) {
            if (!id.isIntegralNumber() || !id.canConvertToInt()) {
                throw wrong(fields);
            }
            ids.add(id.asInt());
        }
        if (ids.isEmpty()) {
            throw wrong(fields);
        }
        return new Prompt.Tokens(ids);
    }

    private static BadRequest wrong(RequestFields fields) {
        return fields.wrong("prompt", "must be a text, a list of token ids, or a list of texts or of such lists");
    }
}
