package cogent.curate.agent;

import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatReply.Finish;
import cogent.llm.ChatReply.Usage;
import cogent.llm.ChatRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A chat model whose replies are laid out beforehand, agent by agent; the last one is repeated. */
public final class Scripted implements ChatModel {
    private final Map<String, Deque<Function<ChatRequest, ChatReply>>> scripts = new HashMap<>();
    public final List<ChatRequest> requests = new ArrayList<>();

    public Scripted on(String agent, String... replies) {
        Arrays.stream(replies).forEach(reply -> on(agent, _ -> reply(reply, Finish.STOP)));
        return this;
    }

    public Scripted on(String agent, Function<ChatRequest, ChatReply> reply) {
        scripts.computeIfAbsent(agent, _ -> new ArrayDeque<>()).add(reply);
        return this;
    }

    public Scripted truncated(String agent, String reply) {
        return on(agent, _ -> reply(reply, Finish.LENGTH));
    }

    public static ChatReply reply(String text, Finish finish) {
        return new ChatReply("scripted", text, "", finish, Usage.NONE);
    }

    @Override
    public synchronized ChatReply chat(ChatRequest request) {
        requests.add(request);
        Deque<Function<ChatRequest, ChatReply>> script = scripts.get(request.agent());
        if (script == null) {
            throw new AssertionError("nothing laid out for " + request.agent());
        }
        return (script.size() > 1 ? script.remove() : script.element()).apply(request);
    }

    public long calls(String agent) {
        return requests.stream()
                .filter(request -> request.agent().equals(agent))
                .count();
    }

    public String message(String agent, int index) {
        return requests.stream()
                .filter(request -> request.agent().equals(agent))
                .toList()
                .get(index)
                .messages()
                .getFirst()
                .content();
    }
}
