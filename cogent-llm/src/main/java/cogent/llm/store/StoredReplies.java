package cogent.llm.store;

import cogent.llm.ChatException;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** The replies of a run directory for whoever looks at it, also while a run is going on there: nothing is sent or written. */
public record StoredReplies(Path run) {
    /**
     * Answers what was asked before; anything else fails with a {@link ChatException} of kind PENDING.
     *
     * @param identity what replies depend on besides the request, see {@code Endpoint.identity}
     * @param unbounded the same for replies that ended by themselves
     */
    public ChatModel of(String identity, String unbounded) {
        return request -> RunDatabase.peek(run, connection -> find(connection, identity, unbounded, request))
                .orElseThrow(ChatException::pending);
    }

    private static Optional<ChatReply> find(
            Connection connection, String identity, String unbounded, ChatRequest request) throws SQLException {
        String free = StoredPrompt.key(unbounded, request);
        Optional<ChatReply> exact = CallStore.find(connection, StoredPrompt.key(identity, request));
        Optional<ChatReply> found = exact.isPresent() ? exact : CallStore.find(connection, free);
        if (found.isPresent() || !RunDatabase.has(connection, "unbounded")) {
            return found;
        }
        Optional<String> call = CallStore.called(connection, free);
        return call.isPresent() ? CallStore.find(connection, call.get()) : Optional.empty();
    }
}
