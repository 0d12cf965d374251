package cogent.cli.terminal;

import cogent.curate.agent.AgentCall;
import cogent.llm.ChatMessage;
import cogent.llm.ChatReply;
import java.util.List;
import java.util.Locale;

/** A sample's calls for the terminal: what was sent to the letter, and what came back. */
public final class CallTranscript {
    private CallTranscript() {}

    public static String of(List<AgentCall> calls) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < calls.size(); i++) {
            AgentCall call = calls.get(i);
            text.append("──── call %d of %d · %s%n"
                    .formatted(i + 1, calls.size(), call.request().agent()));
            for (ChatMessage message : call.request().messages()) {
                text.append("──── ")
                        .append(word(message.role()))
                        .append('\n')
                        .append(message.content())
                        .append('\n');
            }
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
        return text.toString();
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
