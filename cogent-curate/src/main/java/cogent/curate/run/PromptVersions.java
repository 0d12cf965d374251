package cogent.curate.run;

import cogent.curate.prompt.AgentTask;
import cogent.curate.prompt.PromptSet;
import cogent.data.InputException;
import cogent.llm.store.RunDatabase;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells whether a run was begun with prompts of another version: its replies answer other questions than are asked now. */
public final class PromptVersions {
    private static final Pattern HEAD = Pattern.compile("\\A\\[cogent (\\w+) v(\\d+)]");

    /** A run holds one version of a prompt only, so that some of its calls tell as much as all. */
    private static final int LOOKED_AT = 5_000;

    private PromptVersions() {}

    /**
     * Looks into a run that may not have begun, or be going on.
     *
     * @throws InputException saying that the run cannot be continued, and what can be done
     */
    public static void requireSame(Path runDirectory, PromptSet prompts) {
        if (!RunDatabase.exists(runDirectory)) {
            return;
        }
        Set<String> other = new TreeSet<>();
        RunDatabase.peek(runDirectory, connection -> {
            if (!RunDatabase.has(connection, "calls")) {
                return false;
            }
            try (PreparedStatement query =
                            connection.prepareStatement("SELECT * FROM (SELECT prompt_head FROM calls LIMIT "
                                    + LOOKED_AT
                                    + ") AS made UNION SELECT * FROM (SELECT prompt_head FROM batched LIMIT "
                                    + LOOKED_AT + ") AS written");
                    ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    other(row.getString(1), prompts).ifPresent(other::add);
                }
                return true;
            }
        });
        if (!other.isEmpty()) {
            throw new InputException("this run was begun with other prompts than this Cogent asks with ("
                    + String.join(", ", other)
                    + "), so that its replies answer other questions and all of them would be"
                    + " paid for anew. Finish it with the Cogent it was begun with, or give the recipe another name to begin"
                    + " a new run; to begin anew in place, remove its run.db");
        }
    }

    private static Optional<String> other(String head, PromptSet prompts) {
        Matcher asked = HEAD.matcher(head);
        if (!asked.find()) {
            return Optional.empty();
        }
        return Arrays.stream(AgentTask.values())
                .filter(task -> task.key().equals(asked.group(1)))
                .map(task -> HEAD.matcher(prompts.get(task).text()))
                .filter(now -> now.find() && !now.group().equals(asked.group()))
                .map(now -> asked.group(1) + " v" + asked.group(2) + " there, v" + now.group(2) + " here")
                .findFirst();
    }
}
