package cogent.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.Problem;
import cogent.llm.ChatException;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import cogent.llm.ListedChats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {
    @TempDir
    Path folder;

    private final Benchmark benchmark = BenchmarkFile.load("math500");
    private final List<Question> questions = IntStream.range(0, 20)
            .mapToObj(i -> new Question(new Problem("p" + i, "q" + i, "" + i), "q" + i))
            .toList();
    private final Grader grader = Grader.of(benchmark);
    private final AtomicInteger calls = new AtomicInteger();
    private final List<EvaluationProgress> told = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch nineKept = new CountDownLatch(9);

    /** Right for even problems. */
    private final ChatModel half = request -> {
        calls.incrementAndGet();
        int number = Integer.parseInt(request.messages().getFirst().content().substring(1));
        return reply("\\boxed{" + (number % 2 == 0 ? number : -1) + "}", ChatReply.Finish.STOP);
    };

    private static ChatReply reply(String text, ChatReply.Finish finish) {
        return new ChatReply("m", text, "", finish, new ChatReply.Usage(3, 7, 0));
    }

    private Path results() {
        return folder.resolve("results.jsonl");
    }

    private Optional<Scores> run(ChatModel model, int samples, String settings, BooleanSupplier stop) {
        Benchmark sampled = benchmark.sampled(samples, 0, 1, 100);
        return new Evaluation(sampled, questions, grader, model, settings, 4, Integer.MAX_VALUE)
                .run(results(), stop, progress -> {
                    told.add(progress);
                    nineKept.countDown();
                });
    }

    @Test
    void every_sample_is_asked_once_and_written_in_the_order_of_the_problems() throws IOException {
        Scores scores = run(half, 2, "s", () -> false).orElseThrow();
        assertThat(scores.accuracy()).isEqualTo(0.5);
        assertThat(scores.samples()).isEqualTo(40);
        assertThat(calls).hasValue(40);
        assertThat(told.getLast()).isEqualTo(new EvaluationProgress(40, 40, 20, 0, 0, 280));
        List<String> lines = Files.readAllLines(results());
        for (int i = 0; i < 40; i++) {
            assertThat(lines.get(i)).contains("\"problem\":\"p" + i / 2 + "\",\"sample\":" + i % 2);
        }
        assertThat(folder.resolve("results.jsonl.part")).doesNotExist();
    }

    @Test
    void stored_results_of_the_same_settings_are_not_asked_again() {
        Scores first = run(half, 1, "s", () -> false).orElseThrow();
        assertThat(run(half, 1, "s", () -> false)).contains(first);
        assertThat(calls).hasValue(20);
        run(half, 2, "s", () -> false);
        assertThat(calls).hasValue(40);
        run(half, 1, "other", () -> false);
        assertThat(calls).hasValue(60);
    }

    @Test
    void a_stopped_evaluation_continues_where_it_was() throws IOException {
        assertThat(run(half, 1, "s", () -> calls.get() >= 7)).isEmpty();
        int before = calls.get();
        assertThat(before).isBetween(7, 11);
        assertThat(results()).doesNotExist();
        // a crash may leave half a line behind
        Files.writeString(folder.resolve("results.jsonl.part"), "{\"key\":\"ab", StandardOpenOption.APPEND);
        assertThat(run(half, 1, "s", () -> false).orElseThrow().accuracy()).isEqualTo(0.5);
        assertThat(calls).hasValue(20);
        byte[] continued = Files.readAllBytes(results());
        Files.delete(results());
        run(half, 1, "s", () -> false);
        assertThat(continued).isEqualTo(Files.readAllBytes(results()));
    }

    @Test
    void an_interrupt_gives_up_the_calls_on_their_way_and_the_next_run_asks_for_them() {
        Thread caller = Thread.currentThread();
        CountDownLatch never = new CountDownLatch(1);
        ChatModel nine = request -> {
            int question =
                    Integer.parseInt(request.messages().getFirst().content().substring(1));
            if (question < 9) {
                return half.chat(request);
            }
            try {
                if (question == 9) {
                    nineKept.await();
                    caller.interrupt();
                }
                never.await();
                throw new AssertionError("nobody lets it go on");
            } catch (InterruptedException e) {
                throw ChatException.interrupted(e);
            }
        };
        assertThat(run(nine, 1, "s", () -> false)).isEmpty();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(calls).hasValue(9);
        assertThat(run(half, 1, "s", () -> false).orElseThrow().accuracy()).isEqualTo(0.5);
        assertThat(calls).hasValue(20);
    }

    /** Remembers the lists that it is told. */
    private final class Listing implements ChatModel {
        private final List<List<String>> lists = new ArrayList<>();

        @Override
        public ChatReply chat(ChatRequest request) {
            return half.chat(request);
        }

        @Override
        public ListedChats listed(List<ChatRequest> requests) {
            lists.add(requests.stream()
                    .map(request -> request.messages().getFirst().content() + "/" + request.sample())
                    .toList());
            return request -> chat(requests.get(request));
        }
    }

    @Test
    void a_model_is_told_all_that_is_missing_in_the_order_of_samples_and_questions() {
        var listing = new Listing();
        run(half, 1, "s", () -> false);
        run(listing, 2, "s", () -> false);
        assertThat(listing.lists)
                .containsExactly(
                        IntStream.range(0, 20).mapToObj(i -> "q" + i + "/1").toList());
    }

    @Test
    void a_group_that_was_cut_off_is_told_whole_again_and_its_kept_replies_stay() throws IOException {
        var listing = new Listing();
        assertThat(inGroupsOf8(listing, () -> calls.get() >= 10)).isEmpty();
        assertThat(listing.lists).hasSize(2);
        listing.lists.clear();
        int before = calls.get();
        assertThat(inGroupsOf8(listing, () -> false)).isPresent();
        assertThat(calls).hasValue(20);
        assertThat(before).isBetween(10, 15);
        assertThat(listing.lists.stream().map(List::size)).containsExactly(0, 8, 4);
        assertThat(listing.lists.get(1)).startsWith("q8/0").endsWith("q15/0");
    }

    @Test
    void what_was_refused_is_asked_again_without_its_group() {
        ChatModel picky = request -> {
            if (request.messages().getFirst().content().equals("q4")) {
                throw new ChatException(ChatException.Kind.REQUEST, "too long");
            }
            return half.chat(request);
        };
        inGroupsOf8(picky, () -> false);
        var listing = new Listing();
        inGroupsOf8(listing, () -> false);
        assertThat(listing.lists).containsExactly(List.of("q4/0"), List.of(), List.of());
    }

    private Optional<Scores> inGroupsOf8(ChatModel model, BooleanSupplier stop) {
        return new Evaluation(benchmark.sampled(1, 0, 1, 100), questions, grader, model, "s", 4, 8)
                .run(results(), stop, told::add);
    }

    @Test
    void a_refused_request_counts_as_wrong_and_others_go_on() {
        ChatModel picky = request -> {
            if (request.messages().getFirst().content().equals("q4")) {
                throw new ChatException(ChatException.Kind.REQUEST, "content filter");
            }
            return half.chat(request);
        };
        Scores scores = run(picky, 1, "s", () -> false).orElseThrow();
        assertThat(scores.right()).isEqualTo(9);
        assertThat(scores.failed()).isEqualTo(1);
    }

    @Test
    void many_requests_refused_for_what_they_hold_are_counted_and_hide_neither_the_rest_nor_why() {
        ChatModel narrow = request -> {
            if (!request.messages().getFirst().content().equals("q19")) {
                throw new ChatException(ChatException.Kind.REQUEST, "too long");
            }
            return half.chat(request);
        };
        Scores scores = run(narrow, 2, "s", () -> false).orElseThrow();
        assertThat(scores.samples()).isEqualTo(40);
        assertThat(scores.failed()).isEqualTo(38);
    }

    @Test
    void what_was_refused_is_asked_again_since_it_may_have_been_mended() {
        ChatModel refusing = request -> {
            throw new ChatException(ChatException.Kind.REQUEST, "max_tokens is too large");
        };
        assertThat(run(refusing, 1, "s", () -> false).orElseThrow().failed()).isEqualTo(20);
        assertThat(run(half, 1, "s", () -> false).orElseThrow().failed()).isZero();
    }

    @Test
    void finished_results_are_read_back_compared_and_judged_anew() throws IOException {
        Scores first = run(half, 2, "s", () -> false).orElseThrow();
        Evaluated read = Evaluated.read("b", results());
        assertThat(read.scores().accuracy()).isEqualTo(first.accuracy());
        assertThat(read.against(read).difference()).isZero();
        List<Question> mended = questions.stream()
                .map(q -> new Question(new Problem(q.id(), "q", "-1"), q.prompt()))
                .toList();
        Regrading.Outcome outcome = Regrading.of(benchmark, mended, grader, results());
        assertThat(outcome.changed()).isEqualTo(40);
        assertThat(outcome.scores().right()).isEqualTo(20);
        Evaluated other = Evaluated.read("b", results());
        assertThatThrownBy(() -> other.against(read)).hasMessageContaining("different data");
        assertThat(calls).hasValue(40);
    }

    @Test
    void a_question_on_which_the_server_always_fails_is_counted_and_the_rest_stands_and_it_is_asked_again_next_time() {
        for (ChatException.Kind kind : List.of(ChatException.Kind.TRANSIENT, ChatException.Kind.REFUSED)) {
            calls.set(0);
            String settings = kind.name();
            ChatModel flaky = request -> {
                if (request.messages().getFirst().content().equals("q4")) {
                    throw new ChatException(kind, "500 on this one");
                }
                return half.chat(request);
            };
            Scores scores = run(flaky, 1, settings, () -> false).orElseThrow();
            assertThat(calls).hasValue(19);
            assertThat(scores.failed()).isEqualTo(1);
            assertThat(scores.samples()).isEqualTo(20);
            Scores mended = run(half, 1, settings, () -> false).orElseThrow();
            assertThat(calls).hasValue(20);
            assertThat(mended.failed()).isZero();
        }
    }

    @Test
    void a_server_that_answers_nothing_any_more_stops_the_evaluation_and_what_it_answered_is_kept() {
        AtomicInteger asked = new AtomicInteger();
        ChatModel gone = request -> {
            if (asked.incrementAndGet() > 5) {
                throw new ChatException(ChatException.Kind.TRANSIENT, "gone");
            }
            return half.chat(request);
        };
        assertThatThrownBy(() -> run(gone, 2, "s", () -> false)).hasMessage("gone");
        assertThat(calls).hasValue(5);
        assertThat(run(half, 2, "s", () -> false)).isPresent();
        assertThat(calls).hasValue(40);
    }

    @Test
    void a_question_that_fails_while_a_stop_is_wished_is_not_counted_as_failed() {
        ChatModel interrupted = request -> {
            throw new ChatException(ChatException.Kind.TRANSIENT, "stopped while waiting to send");
        };
        var stop = new java.util.concurrent.atomic.AtomicBoolean();
        ChatModel stopping = request -> {
            stop.set(true);
            return interrupted.chat(request);
        };
        assertThat(run(stopping, 1, "s", stop::get)).isEmpty();
    }

    @Test
    void a_revoked_key_stops_the_evaluation_at_once() {
        ChatModel revoked = request -> {
            calls.incrementAndGet();
            throw new ChatException(ChatException.Kind.FATAL, "401");
        };
        assertThatThrownBy(() -> run(revoked, 50, "s", () -> false)).hasMessage("401");
        assertThat(calls.get()).isLessThan(20);
    }

    /** As Kotlin throws, where no signature says so. */
    @SuppressWarnings("unchecked")
    private static <E extends Exception> ChatReply undeclared() throws E {
        throw (E) new IOException("undeclared");
    }

    @Test
    void an_error_or_what_is_thrown_undeclared_is_a_failure_and_no_stop() {
        assertThatThrownBy(() -> run(_ -> undeclared(), 1, "s", () -> false))
                .isInstanceOf(ChatException.class)
                .hasMessageMatching("problem p\\d+: java.io.IOException: undeclared");
        Grader recursing = (_, _) -> {
            throw new StackOverflowError("deep");
        };
        assertThatThrownBy(() -> new Evaluation(benchmark, questions, recursing, half, "s").run(results()))
                .isInstanceOf(ChatException.class)
                .hasMessageMatching("problem p\\d+: java.lang.StackOverflowError: deep");
    }

    @Test
    void cut_off_and_answerless_replies_are_counted() {
        ChatModel rambling = request -> reply("<think>and then", ChatReply.Finish.LENGTH);
        Scores scores = run(rambling, 1, "s", () -> false).orElseThrow();
        assertThat(scores.truncated()).isEqualTo(20);
        assertThat(scores.unstated()).isEqualTo(20);
        assertThat(scores.accuracy()).isZero();
    }

    @Test
    void no_more_calls_are_on_their_way_than_allowed() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        ChatModel counting = request -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            assertThat(now.get()).isPositive();
            now.decrementAndGet();
            return half.chat(request);
        };
        run(counting, 3, "s", () -> false);
        assertThat(most.get()).isBetween(1, 4);
    }
}
