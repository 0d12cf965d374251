package cogent.llm.run;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatReply.Finish;
import cogent.llm.ChatReply.Usage;
import cogent.llm.ChatRequest;
import cogent.llm.meter.Budget;
import cogent.llm.store.RunDatabase;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real process, really killed. */
class KillTest {
    private static final int CALLS = 20_000;

    /** Asks for reply after reply and prints {@code asked n} before, {@code done n} after each. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) throws InterruptedException {
            ChatModel model = request -> {
                String n = request.messages().getFirst().content();
                print("asked " + n);
                return new ChatReply("m", "reply to " + n, "", Finish.STOP, new Usage(1, 1, 0));
            };
            var inFlight = new Semaphore(64);
            try (var database = RunDatabase.open(Path.of(args[0]));
                    var models = new ChatModels(database, Budget.UNLIMITED);
                    var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                ChatModel stored = models.connect(model, "echo");
                for (int i = 0; i < CALLS; i++) {
                    int n = i;
                    inFlight.acquire();
                    threads.execute(() -> {
                        stored.chat(ChatRequest.of("a", Integer.toString(n)));
                        print("done " + n);
                        inFlight.release();
                    });
                }
            }
        }

        private static void print(String line) {
            System.out.println(line + ".");
        }
    }

    @Test
    void what_was_returned_before_a_kill_is_never_asked_again(@TempDir Path dir) throws Exception {
        Set<String> done = new HashSet<>();
        var random = new Random(3);
        int killAfter = 0;
        for (int round = 0; round < 2; round++) {
            killAfter += 200 + random.nextInt(400);
            Process child = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Child.class.getName(),
                            dir.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            Set<String> before = Set.copyOf(done);
            try (var lines = child.inputReader()) {
                int seen = 0;
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    String n = line.substring(line.indexOf(' ') + 1).replace(".", "");
                    if (line.matches("asked \\d+\\.")) {
                        assertThat(before).as("asked again").doesNotContain(n);
                    } else if (line.matches("done \\d+\\.")) {
                        done.add(n);
                        if (++seen == killAfter) {
                            child.toHandle().destroyForcibly();
                        }
                    }
                }
            }
            assertThat(child.waitFor()).as("killed").isNotZero();
        }
        assertThat(done).hasSizeGreaterThan(400);
        try (var database = RunDatabase.open(dir);
                var models = new ChatModels(database, Budget.UNLIMITED)) {
            ChatModel stored = models.connect(
                    request -> {
                        throw new AssertionError("asked again: " + request);
                    },
                    "echo");
            for (String n : done) {
                assertThat(stored.chat(ChatRequest.of("a", n)).text()).isEqualTo("reply to " + n);
            }
            String check = database.read(c -> {
                try (var statement = c.createStatement();
                        var row = statement.executeQuery("PRAGMA integrity_check")) {
                    row.next();
                    return row.getString(1);
                }
            });
            assertThat(check).isEqualTo("ok");
        }
    }
}
