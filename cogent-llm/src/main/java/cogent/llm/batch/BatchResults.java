package cogent.llm.batch;

import cogent.data.file.RefusedRow;
import cogent.data.file.Row;
import cogent.data.file.RowFile;
import cogent.llm.ChatReply;
import cogent.llm.openai.ErrorBody;
import cogent.llm.openai.Wire;
import cogent.llm.store.BatchTable;
import cogent.llm.store.RunDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * What one file of results brought: OpenAI's output or error file, in any order.
 *
 * @param replies taken into {@code run.db}
 * @param known results of calls that have a reply already, or lines that were read before
 * @param unknown lines whose {@code custom_id} is of no call that is out
 * @param failed results without a reply, by what they say
 * @param unreadable lines that are no results, with why
 */
public record BatchResults(
        Path file, long replies, long known, long unknown, Map<String, Long> failed, List<RefusedRow> unreadable) {
    /** Lines a transaction. */
    private static final int GROUP = 500;
    /** Different errors that are told apart. */
    private static final int ERRORS = 20;

    /**
     * Reads one file into a run's database; what was taken stays taken if the file turns out to be cut off.
     *
     * @throws cogent.data.InputException when there is no such file or it is no text
     */
    public static BatchResults read(RunDatabase database, Path file) {
        var reading = new Reading();
        var unreadable = new ArrayList<RefusedRow>();
        var group = new ArrayList<Row>();
        try (Stream<Row> rows = RowFile.open(file, unreadable::add)) {
            rows.forEach(row -> {
                if (row.fields().path("custom_id").isString()
                        && !(row.fields().has("method") && row.fields().has("body"))) {
                    group.add(row);
                } else {
                    unreadable.add(row.refused(
                            row.fields().has("body")
                                    ? "is a request, no result: name the provider's output file"
                                    : "has no custom_id"));
                }
                if (group.size() == GROUP) {
                    reading.take(database, group);
                }
            });
        } finally {
            reading.take(database, group);
        }
        return new BatchResults(file, reading.replies, reading.known, reading.unknown, reading.failed, unreadable);
    }

    /** The counts so far; only ever touched by one thread at a time. */
    private static final class Reading {
        private long replies;
        private long known;
        private long unknown;
        private final Map<String, Long> failed = new TreeMap<>();

        void take(RunDatabase database, List<Row> group) {
            if (!group.isEmpty()) {
                database.write(connection -> {
                    for (Row row : group) {
                        take(connection, row.fields());
                    }
                    return group.size();
                });
                group.clear();
            }
        }

        private void take(Connection connection, JsonNode line) throws SQLException {
            String key = line.path("custom_id").asString();
            BatchTable.Call call = BatchTable.call(connection, key);
            if (call == null) {
                boolean stored = BatchTable.stored(connection, key);
                known += stored ? 1 : 0;
                unknown += stored ? 0 : 1;
                return;
            }
            JsonNode response = line.path("response");
            JsonNode body =
                    response.path("choices").isArray() ? response : response.path("body"); // some leave the body out
            int status = response.path("status_code").asInt(body.isObject() ? 200 : 0);
            int failure = status == 200 ? ErrorBody.status(body) : status;
            if (status == 200 && failure == 0) {
                try {
                    ChatReply reply = Wire.reply(
                            body, call.prompt().model(), call.prompt().chars());
                    BatchTable.answered(connection, call, reply);
                    replies++;
                } catch (Wire.Unreadable e) {
                    fail(connection, call, 200, String.valueOf(e.getMessage()), String.valueOf(e.getMessage()), line);
                }
                return;
            }
            JsonNode error = body.has("error") ? body : line;
            String said = Wire.line(ErrorBody.text(error));
            String code = error.path("error").path("code").asString("");
            String told = (failure > 200 ? failure + " " : "") + (said.isEmpty() ? code : said);
            fail(
                    connection,
                    call,
                    failure > 200 ? failure : 500,
                    error.path("error").isMissingNode() ? said : Wire.JSON.writeValueAsString(error),
                    told.isBlank() ? "no reply and no reason" : told,
                    line);
        }

        private void fail(
                Connection connection, BatchTable.Call call, int status, String error, String told, JsonNode line)
                throws SQLException {
            String id = line.path("id").asString(line.toString());
            if (!call.out() || id.equals(call.result())) {
                known++;
                return;
            }
            BatchTable.failed(connection, call.prompt().key(), status, error, id);
            failed.merge(failed.containsKey(told) || failed.size() < ERRORS ? told : "other errors", 1L, Long::sum);
        }
    }

    /** How the lines that are no results may be told: the first of each reason. */
    public List<String> firstUnreadable() {
        Set<String> reasons = new HashSet<>();
        return unreadable.stream()
                .filter(row -> reasons.add(row.reason()))
                .limit(3)
                .map(RefusedRow::describe)
                .toList();
    }
}
