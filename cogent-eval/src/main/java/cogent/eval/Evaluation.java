package cogent.eval;

import cogent.answer.Verdict;
import cogent.data.InputException;
import cogent.data.Sha256;
import cogent.llm.ChatException;
import cogent.llm.ChatMessage;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import cogent.llm.ListedChats;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One model on one benchmark: every question asked a number of times, every reply judged and written down. What the
 * results file already holds for the same question, sample and settings is not asked again, but judged anew, so that a
 * better checker needs no new replies.
 */
public final class Evaluation {
    /** So many questions without an answer one after the other, and more would only burn retries. */
    private static final int HOPELESS = 20;

    private static final int IN_FLIGHT = 16;

    private final Benchmark benchmark;
    private final List<Question> questions;
    private final Grader grader;
    private final ChatModel model;
    private final String settings;
    private final int inFlight;
    private final int group;
    private BooleanSupplier stop = () -> false;
    private Consumer<EvaluationProgress> listener = _ -> {};
    private EvaluationProgress progress;
    private @Nullable ChatException failure;
    private int failedInARow;
    private boolean fatal;
    private volatile boolean interrupted;

    /** Sixteen calls at once, each by itself. */
    public Evaluation(Benchmark benchmark, List<Question> questions, Grader grader, ChatModel model, String settings) {
        this(benchmark, questions, grader, model, settings, IN_FLIGHT, Integer.MAX_VALUE);
    }

    /**
     * @param model answers with the sampling that the benchmark asks for
     * @param settings hash or text of everything that replies depend on besides the prompt: model, sampling
     * @param inFlight calls on their way at once
     * @param group so many replies, in the order of samples and questions, are asked for again whole where one of them is missing:
     *     then none depends on what was written beside it before an interruption; {@link Integer#MAX_VALUE}: each by itself
     */
    public Evaluation(
            Benchmark benchmark,
            List<Question> questions,
            Grader grader,
            ChatModel model,
            String settings,
            int inFlight,
            int group) {
        this.benchmark = benchmark;
        this.questions = List.copyOf(questions);
        this.grader = grader;
        this.model = model;
        this.settings = settings;
        this.inFlight = inFlight;
        this.group = group;
        this.progress = new EvaluationProgress(0, (long) questions.size() * benchmark.samples(), 0, 0, 0, 0);
    }

    /** {@link #run(Path, BooleanSupplier, Consumer)} to the end. */
    public Optional<Scores> run(Path results) {
        return run(results, () -> false, _ -> {});
    }

    /**
     * Runs what is not done yet; once.
     *
     * @param results the results file: one JSON object a sample, in the order of the problems
     * @param asked before every call: true ends the evaluation after the calls on their way; an
     *     interrupt of the thread gives those up too
     * @param told after every sample, from one thread at a time
     * @return the scores; empty when it was stopped, or the thread interrupted
     * @throws ChatException when some questions could not be answered; what was answered is kept
     */
    public Optional<Scores> run(Path results, BooleanSupplier asked, Consumer<EvaluationProgress> told) {
        stop = asked;
        listener = told;
        @Nullable Graded[][] graded = new Graded[questions.size()][benchmark.samples()];
        try (ResultLog log = ResultLog.open(results)) {
            askAll(graded, log);
            if (failure != null) {
                throw failure;
            }
            if (progress.done() < progress.total()) {
                return Optional.empty();
            }
            List<String> keys = new ArrayList<>();
            List<Scores.Problem> problems = new ArrayList<>();
            for (int q = 0; q < questions.size(); q++) {
                for (int s = 0; s < benchmark.samples(); s++) {
                    keys.add(key(new Wanted(q, s)));
                }
                problems.add(new Scores.Problem(questions.get(q).id(), whole(graded[q])));
            }
            log.finish(keys);
            return Optional.of(new Scores(benchmark.name(), problems));
        }
    }

    /**
     * Adds to a results file what lies in another one, whether or not either is finished; an evaluation with that file then
     * asks for the rest only.
     */
    public static void take(Path results, Path from) {
        try (ResultLog log = ResultLog.open(results);
                ResultLog other = ResultLog.open(from)) {
            log.take(other);
        }
    }

    private static List<Graded> whole(@Nullable Graded[] samples) {
        List<Graded> all = new ArrayList<>();
        for (Graded sample : samples) {
            if (sample == null) {
                throw new IllegalStateException("a sample is missing");
            }
            all.add(sample);
        }
        return all;
    }

    /** One reply that is wanted. */
    private record Wanted(int question, int sample) {}

    private void askAll(@Nullable Graded[][] graded, ResultLog log) {
        List<Wanted> all = IntStream.range(0, benchmark.samples())
                .boxed()
                .flatMap(sample -> IntStream.range(0, questions.size()).mapToObj(q -> new Wanted(q, sample)))
                .toList();
        for (int from = 0; from < all.size() && !ended(); from += Math.min(group, all.size())) {
            ask(all.subList(from, from + Math.min(group, all.size() - from)), graded, log);
        }
    }

    private void ask(List<Wanted> wanted, @Nullable Graded[][] graded, ResultLog log) {
        List<Wanted> listed = listed(wanted, log);
        Map<Wanted, Integer> places = new HashMap<>();
        listed.forEach(one -> places.put(one, places.size()));
        Semaphore free = new Semaphore(inFlight);
        try (ListedChats chats = model.listed(listed.stream().map(this::request).toList());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Wanted one : wanted) {
                try {
                    free.acquire();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt(); // which ends it
                }
                if (ended()) {
                    return;
                }
                threads.execute(() -> {
                    try {
                        graded(one, log, () -> chats.reply(Objects.requireNonNull(places.get(one))))
                                .ifPresent(result -> graded[one.question][one.sample] = result);
                    } finally {
                        free.release();
                    }
                });
            }
        }
    }

    /** What the model is told: what is missing, and where a group was cut off all of it again, so that each is in its company. */
    private List<Wanted> listed(List<Wanted> wanted, ResultLog log) {
        boolean cutOff = group < Integer.MAX_VALUE
                && wanted.stream().anyMatch(one -> log.find(key(one)).isEmpty());
        return cutOff
                ? wanted
                : wanted.stream().filter(one -> answered(one, log).isEmpty()).toList();
    }

    /** What the model refused may have been mended since. */
    private Optional<ResultRow> answered(Wanted one, ResultLog log) {
        return log.find(key(one)).filter(row -> row.end() != Graded.End.FAILED);
    }

    /** By the caller's wish, or by an interrupt of its thread, which comes to those of the calls too. */
    private boolean isStopped() {
        interrupted |= Thread.currentThread().isInterrupted();
        return interrupted || stop.getAsBoolean();
    }

    private synchronized boolean ended() {
        return fatal || failedInARow >= HOPELESS || isStopped();
    }

    private Optional<Graded> graded(Wanted one, ResultLog log, Supplier<ChatReply> reply) {
        Question question = questions.get(one.question);
        Optional<ResultRow> stored = answered(one, log);
        try {
            ResultRow row = stored.isPresent() ? stored.get() : asked(one, reply);
            ResultRow judged = judged(row, question);
            if (stored.isEmpty() || !stored.get().equals(judged)) {
                log.add(judged);
            }
            Graded result = judged.graded();
            told(result);
            return Optional.of(result);
        } catch (ChatException e) {
            failed(e);
        } catch (InputException e) {
            failed(new ChatException(ChatException.Kind.FATAL, "problem " + question.id() + ": " + e.getMessage(), e));
        } catch (Throwable e) { // errors too, and what Kotlin's chat models and graders throw undeclared
            failed(new ChatException(ChatException.Kind.FATAL, "problem " + question.id() + ": " + e, e));
        }
        return Optional.empty();
    }

    private ResultRow asked(Wanted one, Supplier<ChatReply> reply) {
        Question question = questions.get(one.question);
        try {
            return row(key(one), question, one.sample, reply.get());
        } catch (ChatException e) {
            if (e.kind() == ChatException.Kind.FATAL || e.kind() == ChatException.Kind.PENDING || hopeless(e)) {
                throw e;
            }
            noteFailure(e);
            return failedRow(key(one), question, one.sample, e);
        }
    }

    /** A request that is refused for what it holds says nothing of the next one. */
    private synchronized void noteFailure(ChatException e) {
        failedInARow += e.kind() == ChatException.Kind.REQUEST ? 0 : 1;
    }

    private ResultRow judged(ResultRow row, Question question) {
        if (row.end() == Graded.End.FAILED) {
            Verdict refused = new Verdict(Verdict.Kind.UNKNOWN, row.reason());
            return row.judged(question.problem().answer(), new Grade("", false, refused));
        }
        boolean settled = !grader.isCheap() && !row.verdict().isEmpty();
        return settled ? row : row.judged(question.problem().answer(), grader.grade(question, row.reply()));
    }

    private ChatRequest request(Wanted one) {
        String prompt = questions.get(one.question).prompt();
        return new ChatRequest("evaluate", List.of(ChatMessage.user(prompt)), one.sample);
    }

    private static ResultRow row(String key, Question question, int sample, ChatReply reply) {
        Graded.End end = switch (reply.finish()) {
            case STOP -> Graded.End.STOP;
            case LENGTH -> Graded.End.LENGTH;
            case CONTENT_FILTER, OTHER -> Graded.End.OTHER;
        };
        return new ResultRow(
                key,
                question.id(),
                sample,
                "",
                "",
                false,
                "",
                "",
                end,
                reply.usage().promptTokens(),
                reply.usage().completionTokens(),
                reply.text(),
                reply.reasoning());
    }

    private static ResultRow failedRow(String key, Question question, int sample, ChatException e) {
        String reason = String.valueOf(e.getMessage());
        return new ResultRow(key, question.id(), sample, "", "", false, "", reason, Graded.End.FAILED, 0, 0, "", "");
    }

    /** Whether no answer comes at all any more, or none is wanted: then the failure is not the question's own. */
    private synchronized boolean hopeless(ChatException e) {
        boolean mayBeItsOwn = e.kind() == ChatException.Kind.REQUEST;
        return isStopped() || (!mayBeItsOwn && failedInARow + 1 >= HOPELESS);
    }

    private synchronized void told(Graded result) {
        failedInARow = result.end() == Graded.End.FAILED ? failedInARow : 0;
        progress = progress.plus(result);
        listener.accept(progress);
    }

    private synchronized void failed(ChatException e) {
        if (isStopped()) {
            return; // stopped: the wish ended a call that was still waiting to be sent
        }
        failedInARow++;
        fatal |= e.kind() == ChatException.Kind.FATAL;
        failure = failure == null || e.kind() == ChatException.Kind.FATAL ? e : failure;
    }

    /** Names a reply by everything that it depends on. */
    private String key(Wanted one) {
        Question question = questions.get(one.question);
        Sha256 sha256 = new Sha256();
        for (String part : List.of(settings, question.id(), question.prompt(), Integer.toString(one.sample))) {
            sha256.add(part).add((byte) 0);
        }
        return sha256.hex().substring(0, 32);
    }
}
