package cogent.curate.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.curate.Curated;
import cogent.curate.Curation;
import cogent.curate.CurationSettings;
import cogent.curate.PairBuilder;
import cogent.curate.SampleOutcome;
import cogent.curate.agent.Critic;
import cogent.curate.agent.Distractor;
import cogent.curate.agent.Rethinker;
import cogent.curate.agent.Sums;
import cogent.curate.agent.Verifier;
import cogent.data.RowFormat;
import cogent.data.Sample;
import cogent.data.file.RefusedRow;
import cogent.llm.ChatException;
import cogent.llm.ChatException.Kind;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import cogent.llm.store.RunDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class CurationRunTest {
    private static final int SAMPLES = 120;

    @TempDir
    Path folder;

    private final Map<ChatRequest, ChatReply> store = new ConcurrentHashMap<>();
    private final AtomicInteger paid = new AtomicInteger();
    private final List<CurationProgress> progress = Collections.synchronizedList(new ArrayList<>());
    private ChatModel teacher = new Sums();
    private String settings = "settings";
    private int inFlight = 32;

    @BeforeEach
    void forget() {
        store.clear();
    }

    /** What the real store does: a reply is kept before it is used, and an equal request is not paid for again. */
    private ChatReply stored(ChatRequest request) {
        ChatReply known = store.get(request);
        if (known != null) {
            return known;
        }
        ChatReply reply = teacher.chat(request);
        paid.incrementAndGet();
        store.put(request, reply);
        return reply;
    }

    private Optional<CurationSummary> run(String name, Stream<Sample> corpus, BooleanSupplier stop) {
        return run(name, corpus, List.of(), stop);
    }

    private Optional<CurationSummary> run(
            String name, Stream<Sample> corpus, List<RefusedRow> badRows, BooleanSupplier stop) {
        ChatModel chat = this::stored;
        Curation curation = new Curation(
                new Critic(chat, "0.5B"),
                new Rethinker(chat, "0.5B"),
                new Verifier(chat),
                new Distractor(chat, 1),
                CurationSettings.DEFAULT);
        Path directory = folder.resolve(name);
        try (RunDatabase database = RunDatabase.open(directory)) {
            PairBuilder pairs = new PairBuilder(RowFormat.THINK, PairBuilder.DEFAULT_BETA);
            return new CurationRun(curation, pairs, database, settings, inFlight, stop, progress::add)
                    .run(
                            sink -> {
                                badRows.forEach(sink);
                                return corpus;
                            },
                            SAMPLES,
                            directory);
        }
    }

    private String outputs(String name) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String file : List.of("sft.jsonl", "preferences.jsonl", "refused.jsonl")) {
            all.append(file)
                    .append('\n')
                    .append(Files.readString(folder.resolve(name).resolve(file)));
        }
        return all.toString();
    }

    private List<String> lines(String name, String file) throws IOException {
        return Files.readAllLines(folder.resolve(name).resolve(file));
    }

    @Test
    void an_interrupt_stops_a_run_and_the_next_one_ends_with_the_same_bytes() throws IOException {
        run("straight", Sums.corpus(SAMPLES), () -> false);
        store.clear();
        Thread caller = Thread.currentThread();
        CountDownLatch never = new CountDownLatch(1);
        ChatModel sums = new Sums();
        teacher = request -> {
            if (paid.get() >= 90) { // all that are on their way, so that no place becomes free
                caller.interrupt();
                try {
                    never.await();
                } catch (InterruptedException e) {
                    throw ChatException.interrupted(e);
                }
            }
            return sums.chat(request);
        };
        paid.set(0);
        assertThat(run("cut", Sums.corpus(SAMPLES), () -> false)).isEmpty();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(paid).hasValueLessThan(91 + inFlight);
        teacher = sums;
        assertThat(run("cut", Sums.corpus(SAMPLES), () -> false)).isPresent();
        assertThat(outputs("cut")).isEqualTo(outputs("straight"));
    }

    @Test
    void a_row_that_the_server_would_not_take_is_set_aside_and_asked_again_in_the_next_run() throws IOException {
        ChatModel narrow = new Sums();
        boolean[] mended = {false};
        teacher = request -> {
            if (!mended[0] && request.messages().getFirst().content().contains("What is 17 plus 14?")) {
                throw new ChatException(Kind.REQUEST, "a prompt of 5000 tokens leaves no room");
            }
            return narrow.chat(request);
        };
        run("a", Sums.corpus(9), () -> false);
        assertThat(lines("a", "refused.jsonl")).anyMatch(line -> line.contains("leaves no room"));
        assertThat(Stories.holdsRefusedRequests(folder.resolve("a"))).isTrue();
        int before = paid.get();
        mended[0] = true;
        run("a", Sums.corpus(9), () -> false);
        assertThat(paid.get()).isGreaterThan(before);
        assertThat(lines("a", "refused.jsonl")).noneMatch(line -> line.contains("leaves no room"));
        assertThat(Stories.holdsRefusedRequests(folder.resolve("a"))).isFalse();
    }

    @Test
    void every_sample_is_in_the_rows_or_refused_with_its_reason_in_corpus_order() throws IOException {
        CurationSummary summary = run("a", Sums.corpus(SAMPLES), () -> false).orElseThrow();
        List<String> kept = lines("a", "sft.jsonl");
        List<String> refused = lines("a", "refused.jsonl");
        assertThat(kept.size() + refused.size()).isEqualTo(SAMPLES);
        assertThat(refused).isNotEmpty().allMatch(line -> line.contains("\"reason\":\"no rewrite"));
        assertThat(kept.stream().map(line -> Integer.parseInt(line.replaceAll(".*?\"s-(\\d+)\".*", "$1"))))
                .isSorted();
        assertThat(summary.samples()).isEqualTo(SAMPLES);
        assertThat(summary.labels().values().stream().mapToLong(count -> count).sum())
                .isEqualTo(SAMPLES);
        assertThat(summary.pairs().values()).allMatch(balance -> balance.pairs() > 0);
        assertThat(summary.replies().get("critic").parseFailureRate()).isBetween(0.01, 0.3);
        assertThat(progress.getLast().done()).isEqualTo(SAMPLES);
        assertThat(progress.getLast().total()).isEqualTo(SAMPLES);
    }

    @Test
    void a_run_that_is_stopped_again_and_again_ends_with_the_same_bytes_and_pays_nothing_twice() throws IOException {
        run("whole", Sums.corpus(SAMPLES), () -> false);
        int wholePrice = paid.getAndSet(0);
        store.clear();
        int runs = 1;
        while (true) {
            int limit = paid.get() + 83;
            if (run("pieces", Sums.corpus(SAMPLES), () -> paid.get() >= limit).isPresent()) {
                break;
            }
            assertThat(folder.resolve("pieces/sft.jsonl")).doesNotExist();
            runs++;
        }
        assertThat(runs).isGreaterThan(3);
        assertThat(paid.get()).isEqualTo(wholePrice);
        assertThat(outputs("pieces")).isEqualTo(outputs("whole"));
    }

    /** As Kotlin throws, where no signature says so. */
    @SuppressWarnings("unchecked")
    private static <E extends Exception> ChatReply undeclared() throws E {
        throw (E) new IOException("undeclared");
    }

    @Test
    void what_a_chat_model_throws_undeclared_ends_the_run() {
        teacher = _ -> undeclared();
        assertThatThrownBy(() -> run("a", Sums.corpus(SAMPLES), () -> false))
                .hasMessageMatching("sample .+: java.io.IOException: undeclared")
                .hasRootCauseInstanceOf(IOException.class);
    }

    @Test
    void finished_samples_are_not_computed_again() {
        run("a", Sums.corpus(SAMPLES), () -> false);
        teacher = _ -> {
            throw new AssertionError("asked again");
        };
        store.clear();
        assertThat(run("a", Sums.corpus(SAMPLES), () -> false)).isPresent();
    }

    @Test
    void other_settings_or_another_text_under_the_same_id_are_computed_again_from_stored_replies() throws IOException {
        run("a", Sums.corpus(SAMPLES), () -> false);
        String before = outputs("a");
        paid.set(0);
        settings = "other";
        run("a", Sums.corpus(SAMPLES), () -> false);
        assertThat(paid.get()).isZero();
        assertThat(outputs("a")).isEqualTo(before);
        // a shorter corpus leaves nothing of the longer one
        run("a", Sums.corpus(5), () -> false);
        assertThat(lines("a", "sft.jsonl").size() + lines("a", "refused.jsonl").size())
                .isEqualTo(5);
    }

    @Test
    void a_key_revoked_in_mid_run_stops_it_and_keeps_everything() throws IOException {
        run("whole", Sums.corpus(SAMPLES), () -> false);
        store.clear();
        paid.set(0);
        teacher = request -> {
            if (paid.get() > 100) {
                throw new ChatException(Kind.FATAL, "401: the key is not accepted");
            }
            return new Sums().chat(request);
        };
        assertThatThrownBy(() -> run("cut", Sums.corpus(SAMPLES), () -> false))
                .isInstanceOf(ChatException.class)
                .hasMessageContaining("401");
        int before = paid.get();
        teacher = new Sums();
        run("cut", Sums.corpus(SAMPLES), () -> false);
        assertThat(outputs("cut")).isEqualTo(outputs("whole"));
        assertThat(before).isLessThan(120);
    }

    @Test
    void a_sample_without_an_answer_gets_a_second_chance_at_the_end() throws IOException {
        Map<String, Integer> tries = new ConcurrentHashMap<>();
        teacher = request -> {
            if (Math.floorMod(request.hashCode(), 4) == 0 && tries.merge(request.toString(), 1, Integer::sum) == 1) {
                throw new ChatException(Kind.TRANSIENT, "503");
            }
            return new Sums().chat(request);
        };
        run("a", Sums.corpus(40), () -> false);
        assertThat(progress.getLast().failed()).isPositive();
        teacher = new Sums();
        run("b", Sums.corpus(40), () -> false);
        // a sample whose second try met another failing call is left for the next run
        run("a", Sums.corpus(40), () -> false);
        assertThat(outputs("a")).isEqualTo(outputs("b"));
    }

    @Test
    void a_sample_that_is_never_answered_is_refused_by_name_and_tried_again_by_the_next_run() throws IOException {
        teacher = request -> {
            if (request.messages().getFirst().content().contains("What is 17 plus 14?")) {
                throw new ChatException(Kind.TRANSIENT, "timed out");
            }
            return new Sums().chat(request);
        };
        CurationSummary summary = run("a", Sums.corpus(20), () -> false).orElseThrow();
        assertThat(summary.refused()).containsEntry("endpoint: no answer", 1L);
        assertThat(lines("a", "refused.jsonl"))
                .anyMatch(line -> line.contains("\"s-7\"") && line.contains("timed out"));
        teacher = new Sums();
        assertThat(run("a", Sums.corpus(20), () -> false).orElseThrow().refused())
                .doesNotContainKey("endpoint: no answer");
    }

    @Test
    void a_run_that_cannot_progress_stops_and_says_so() {
        teacher = _ -> {
            throw new ChatException(Kind.TRANSIENT, "connection refused");
        };
        assertThatThrownBy(() -> run("a", Sums.corpus(5000), () -> false))
                .isInstanceOf(ChatException.class)
                .hasMessageContaining("samples got no answer")
                .hasMessageContaining("connection refused");
        assertThat(progress.size()).isLessThan(100);
    }

    @Test
    void a_slow_sample_holds_up_nobody_and_the_window_is_kept() {
        CountDownLatch othersDone = new CountDownLatch(SAMPLES - 1);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        String slow = Sums.sample(0).problem().text();
        teacher = request -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            try {
                if (request.messages().getFirst().content().contains(slow)) {
                    othersDone.await();
                }
                return new Sums().chat(request);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            } finally {
                now.decrementAndGet();
            }
        };
        Curation curation = Curation.of(
                new Critic(this::stored, "0.5B"), new Rethinker(this::stored, "0.5B"), new Verifier(this::stored));
        PairBuilder pairs = new PairBuilder(RowFormat.THINK, PairBuilder.DEFAULT_BETA);
        try (RunDatabase database = RunDatabase.open(folder)) {
            Optional<CurationSummary> summary = new CurationRun(
                            curation, pairs, database, settings, 4, () -> false, _ -> othersDone.countDown())
                    .run(_ -> Sums.corpus(SAMPLES), 0, folder);
            assertThat(summary).isPresent();
        }
        assertThat(most.get()).isBetween(2, 4);
    }

    @Test
    void corpus_rows_that_are_no_samples_stand_in_the_refused_file_with_their_place() throws IOException {
        CurationSummary summary = run(
                        "a",
                        Sums.corpus(3),
                        List.of(new RefusedRow("mine.jsonl", 118, "not JSON: unterminated string at column 1 811")),
                        () -> false)
                .orElseThrow();
        assertThat(lines("a", "refused.jsonl").getFirst())
                .contains("\"file\":\"mine.jsonl\"", "\"line\":118", "\"stage\":\"corpus\"", "unterminated")
                .doesNotContain("\"id\"");
        assertThat(summary.refused()).containsEntry("corpus: not JSON", 1L);
    }

    @Test
    void a_sample_tells_its_whole_story_afterwards() {
        run("a", Sums.corpus(SAMPLES), () -> false);
        List<Curated> stories = Stream.iterate(0, i -> i + 1)
                .limit(SAMPLES)
                .map(i -> Stories.one(folder.resolve("a"), "s-" + i).orElseThrow())
                .toList();
        assertThat(stories).anySatisfy(story -> {
            assertThat(story.rounds()).hasSizeGreaterThan(1);
            assertThat(story.rounds().getFirst().verification().failure())
                    .contains("differs from the reference answer");
            assertThat(story.distractions()).hasSize(2);
            assertThat(story.outcome()).isInstanceOf(SampleOutcome.Kept.class);
        });
        assertThat(stories.getFirst().sample()).isEqualTo(Sums.sample(0));
        assertThat(Stories.one(folder.resolve("a"), "none")).isEmpty();
    }
}
