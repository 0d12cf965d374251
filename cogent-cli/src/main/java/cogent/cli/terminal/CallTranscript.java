package cogent.cli.terminal;

import cogent.curate.agent.AgentCall;
import cogent.llm.ChatMessage;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import cogent.pipeline.curate.SampleCalls;
import java.util.Locale;

/** A sample's calls for the terminal: what was sent to the letter, and what came back. */
public final class CallTranscript {
    private CallTranscript() {}

    public static String of(SampleCalls sample) {
        StringBuilder text = new StringBuilder();
        int count = sample.calls().size();
        for (int i = 0; i < count; i++) {
            AgentCall call = sample.calls().get(i);
            sent(text, "call %d of %d".formatted(i + 1, count), call.request());
            ChatReply reply = call.reply();
            if (!reply.reasoning().isBlank()) {
                text.append("──── thinking of ")
                        .append(reply.model())
                        .append('\n')
                        .append(reply.reasoning())
                        .append('\n');
            }
            text.append("──── reply of %s (%s)%n".formatted(reply.model(), word(reply.finish())))
                    .append(reply.text())
                    .append("\n\n");
        }
        for (ChatRequest request : sample.unanswered()) {
            sent(text, "no reply is stored", request);
            text.append('\n');
        }
        if (!sample.why().isEmpty()) {
            text.append("──── not answered: ").append(sample.why()).append('\n');
        }
        return text.toString();
    }

    private static void sent(StringBuilder text, String which, ChatRequest request) {
        text.append("──── %s · %s%n".formatted(which, request.agent()));
        for (ChatMessage message : request.messages()) {
            text.append("──── ")
                    .append(word(message.role()))
                    .append('\n')
                    .append(message.content())
                    .append('\n');
        }
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
