package cogent.curate.agent;

import com.fasterxml.jackson.annotation.JsonAlias;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What asking an agent came to.
 *
 * @param value what was read, or null when no reply could be used
 * @param failedAttempts the replies before it that could not be used, in order
 */
public record AgentResult<T>(
        @Nullable T value, @JsonAlias("misses") List<FailedAttempt> failedAttempts) {
    public AgentResult {
        failedAttempts = List.copyOf(failedAttempts);
    }

    public Optional<T> found() {
        return Optional.ofNullable(value);
    }

    /** Why there is no value; empty when there is one. */
    public String failure() {
        return value != null || failedAttempts.isEmpty()
                ? ""
                : failedAttempts.getLast().reason();
    }
}
