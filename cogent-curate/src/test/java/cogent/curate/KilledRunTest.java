package cogent.curate;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.data.RowFormat;
import cogent.llm.Budget;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import cogent.llm.RunDatabase;
import cogent.llm.Switchboard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real process, killed as {@code kill -9} does, again and again. */
final class KilledRunTest {
    private static final int SAMPLES = 120;

    @TempDir
    Path folder;

    @Test
    @Timeout(180)
    void a_run_killed_at_random_points_loses_nothing_and_asks_nothing_twice() throws Exception {
        Path whole = Files.createDirectory(folder.resolve("whole"));
        Path killed = Files.createDirectory(folder.resolve("killed"));
        Child.main(whole.toString());
        long lines = lines(whole).size();
        Random random = new Random(20261123);
        int kills = 0;
        for (long at = 0; at < lines - 200; kills++) {
            at = Files.exists(killed.resolve("log")) ? lines(killed).size() : 0;
            at += 150 + random.nextInt(250);
            killAt(killed, at);
        }
        assertThat(child(killed).waitFor()).isZero();

        assertThat(kills).isGreaterThan(3);
        for (String file : List.of("sft.jsonl", "preferences.jsonl", "refused.jsonl")) {
            assertThat(killed.resolve(file)).hasSameBinaryContentAs(whole.resolve(file));
        }
        Set<String> answered = new HashSet<>();
        for (String line : lines(killed)) {
            String request = line.substring(4);
            if (line.startsWith("got ")) {
                answered.add(request);
            } else {
                assertThat(answered).doesNotContain(request);
            }
        }
    }

    /** Kills the run once its log has so many lines; it may have ended before. */
    private static void killAt(Path directory, long lines) throws IOException, InterruptedException {
        Process process = child(directory);
        while (process.isAlive()
                && (!Files.exists(directory.resolve("log")) || lines(directory).size() < lines)) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
        process.destroyForcibly().waitFor();
    }

    private static Process child(Path directory) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        directory.toString())
                .inheritIO()
                .start();
    }

    private static List<String> lines(Path directory) throws IOException {
        return Files.readAllLines(directory.resolve("log"));
    }

    /** What runs in the process: the real store over a model that logs what it is asked, and what came out durable. */
    static final class Child {
        private Child() {}

        public static void main(String... args) throws IOException {
            Path directory = Path.of(args[0]);
            try (FileChannel log = FileChannel.open(
                            directory.resolve("log"), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                    RunDatabase database = RunDatabase.open(directory);
                    Switchboard board = new Switchboard(database, Budget.UNLIMITED)) {
                ChatModel sums = new Sums();
                ChatModel stored = board.connect(
                        request -> {
                            log(log, "ask ", request);
                            return sums.chat(request);
                        },
                        "sums");
                ChatModel chat = request -> {
                    ChatReply reply = stored.chat(request);
                    log(log, "got ", request);
                    return reply;
                };
                Curation curation = new Curation(
                        new Critic(chat, "0.5B"),
                        new Rethinker(chat, "0.5B"),
                        new Verifier(chat),
                        new Distractor(chat, 1),
                        CurationSettings.DEFAULT);
                new CurationRun(
                                curation,
                                new Pairs(RowFormat.THINK, Pairs.DEFAULT_BETA),
                                database,
                                "settings",
                                8,
                                () -> false,
                                _ -> {})
                        .run(_ -> Sums.corpus(SAMPLES), SAMPLES, directory);
            }
        }

        private static void log(FileChannel log, String what, ChatRequest request) {
            String line = what + request.agent() + " " + request.sample() + " "
                    + request.messages().getFirst().content().hashCode() + "\n";
            try {
                log.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
