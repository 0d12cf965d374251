package cogent.curate.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.curate.Curated;
import cogent.curate.Curation;
import cogent.curate.PairBuilder;
import cogent.curate.agent.AgentCall;
import cogent.curate.agent.Sums;
import cogent.data.InputException;
import cogent.data.Problem;
import cogent.data.Rationale;
import cogent.data.RowFormat;
import cogent.data.Sample;
import cogent.llm.ChatException;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import cogent.llm.meter.Budget;
import cogent.llm.run.ChatModels;
import cogent.llm.store.RunDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayTest {
    @TempDir
    Path folder;

    private final Map<ChatRequest, ChatReply> sent = new ConcurrentHashMap<>();

    /** A request that holds this is refused. */
    private String refused = "no problem holds this";

    private void curate() {
        ChatModel sums = request -> {
            if (request.agent().equals("distractor")
                    && request.messages().getFirst().content().contains(refused)) {
                throw new ChatException(ChatException.Kind.REQUEST, "too long");
            }
            ChatReply reply = new Sums().chat(request);
            sent.put(request, reply);
            return reply;
        };
        try (RunDatabase database = RunDatabase.open(folder);
                ChatModels models = new ChatModels(database, Budget.UNLIMITED)) {
            Curation curation = Curation.of(models.connect(sums, "sums"), "0.5B");
            new CurationRun(curation, new PairBuilder(RowFormat.PLAIN), database, "s", 4, () -> false, _ -> {})
                    .run(_ -> Sums.corpus(30), 30, folder);
        }
    }

    @Test
    void every_call_of_a_sample_is_shown_as_it_was_sent_with_the_raw_reply() {
        curate();
        int shown = 0;
        for (int i = 0; i < 30; i++) {
            String id = "s-" + i;
            Curated curated = Stories.one(folder, id).orElseThrow();
            List<StoredReply> replies = Stories.replies(folder, id);
            List<AgentCall> calls = Replay.calls(curated, replies, model -> Curation.of(model, "0.5B"));
            assertThat(calls)
                    .hasSameSizeAs(replies)
                    .allSatisfy(call -> assertThat(sent.get(call.request()))
                            .isNotNull()
                            .extracting(ChatReply::text)
                            .isEqualTo(call.reply().text()));
            shown += calls.size();
        }
        assertThat(shown).isEqualTo(sent.size());
    }

    @Test
    void a_sample_with_a_request_that_was_refused_shows_the_calls_that_were_answered() {
        refused = "What is";
        curate();
        int refusals = 0;
        for (int i = 0; i < 30; i++) {
            Curated curated = Stories.one(folder, "s-" + i).orElseThrow();
            List<StoredReply> replies = Stories.replies(folder, "s-" + i);
            assertThat(Replay.calls(curated, replies, model -> Curation.of(model, "0.5B")))
                    .hasSameSizeAs(replies);
            refusals += (int) curated.failedAttempts()
                    .filter(attempt -> attempt.reason().contains("too long"))
                    .count();
        }
        assertThat(refusals).isPositive();
    }

    /** A rationale of about 16 000 characters, unlike any other. */
    private static String longText(int seed, int answer) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            text.append("Step ")
                    .append(i)
                    .append(" takes ")
                    .append(Long.toString(random.nextLong(), 36))
                    .append(" and ")
                    .append(Long.toString(random.nextLong(), 36))
                    .append(".\n\n");
        }
        return text.append("\\boxed{").append(answer).append('}').toString();
    }

    @Test
    void the_database_holds_each_long_text_once() throws IOException {
        AtomicLong written = new AtomicLong();
        ChatModel teacher = request -> {
            int row = Integer.parseInt(
                    request.messages().getFirst().content().replaceFirst("(?s).*Problem (\\d+)\\..*", "$1"));
            String text = switch (request.agent()) {
                case "critic" -> "Label: " + (row % 2 == 0 ? "brief" : "balanced");
                case "rethinker" -> longText(1000 + row, 7);
                case "distractor" -> "Mistake: calculation\n\n" + longText(2000 + row + (int) written.get() % 7, 8);
                default -> "Reason: it holds\nVerdict: correct";
            };
            written.addAndGet(text.length());
            return new ChatReply("t", text, "", ChatReply.Finish.STOP, ChatReply.Usage.NONE);
        };
        List<Sample> corpus = IntStream.range(0, 40)
                .mapToObj(
                        i -> new Sample(new Problem("p" + i, "Problem " + i + ".", "7"), Rationale.of(longText(i, 7))))
                .toList();
        try (RunDatabase database = RunDatabase.open(folder);
                ChatModels models = new ChatModels(database, Budget.UNLIMITED)) {
            Curation curation = Curation.of(models.connect(teacher, "t"), "0.5B");
            CurationSummary summary = new CurationRun(
                            curation, new PairBuilder(RowFormat.PLAIN), database, "s", 1, () -> false, _ -> {})
                    .run(_ -> corpus.stream(), 40, folder)
                    .orElseThrow();
            assertThat(summary.kept()).containsEntry("rewrite", 20L).containsEntry("original", 20L);
        }
        long texts = written.get()
                + corpus.stream()
                        .mapToLong(sample -> sample.rationale().text().length())
                        .sum();
        assertThat(texts).isGreaterThan(1_500_000);
        assertThat(Files.size(folder.resolve("run.db"))).isLessThan(texts * 13 / 10);
    }

    @Test
    void prompts_that_have_changed_since_are_told_and_never_shown_as_sent() {
        curate();
        Curated curated = Stories.one(folder, "s-1").orElseThrow();
        assertThatThrownBy(
                        () -> Replay.calls(curated, Stories.replies(folder, "s-1"), model -> Curation.of(model, "70B")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("another than the one that was sent");
    }
}
