package cogent.curate.run;

import cogent.curate.SampleOutcome;
import cogent.curate.agent.Author;
import cogent.curate.agent.FailedAttempt;
import cogent.curate.clean.SampleFilter;
import cogent.data.Problem;
import cogent.llm.ChatException;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Has missing rationales written, many at once, and hands them on in the order of the problems. It keeps nothing itself:
 * with stored replies the same problems come to the same end without a call.
 */
public final class AuthorRun {
    /** What may wait for a slow one before it, in windows of calls in flight. */
    private static final int AHEAD = 4;

    private static final String NO_ANSWER = "no answer: ";

    private final Author author;
    private final List<SampleFilter> filters;
    private final int inFlight;
    private final Halt halt;
    private final Map<String, Long> refused = new TreeMap<>();
    private final Map<FailedAttempt.Kind, Long> missed = new EnumMap<>(FailedAttempt.Kind.class);
    private final Map<String, Long> reasons = new TreeMap<>();
    private long written;
    private long unanswered;
    private String failure = "";
    private long pending;

    /**
     * @param filters those that can refuse a problem by itself do so before it is paid for
     * @param inFlight problems on their way at once
     * @param stop asked before every call: true stops the run
     */
    public AuthorRun(Author author, List<SampleFilter> filters, int inFlight, BooleanSupplier stop) {
        this.author = author;
        this.filters = List.copyOf(filters);
        this.inFlight = inFlight;
        this.halt = new Halt("problems", inFlight, stop);
    }

    /**
     * What came of it.
     *
     * @param refused problems left without a rationale, by reason
     * @param missed replies that could not be used, by kind
     * @param reasons why they could not, in words
     * @param unanswered those of them that no endpoint answered
     * @param failure why the last of these was not, in the endpoint's words; empty when all were answered
     * @param pending those whose reply is still to come
     */
    public record Summary(
            long written,
            Map<String, Long> refused,
            Map<FailedAttempt.Kind, Long> missed,
            Map<String, Long> reasons,
            long unanswered,
            String failure,
            long pending) {}

    /**
     * @param sink told of every problem in order, by the calling thread
     * @return empty when the run was stopped, and is to be continued by running it again
     * @throws ChatException that no problem can be answered any more
     */
    public Optional<Summary> run(Iterator<Problem> problems, Consumer<Authored> sink) {
        Queue<CompletableFuture<Optional<Authored>>> order = new ArrayDeque<>();
        Semaphore window = new Semaphore(inFlight);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            while (!halt.isNear() && problems.hasNext()) {
                order.add(begin(problems.next(), threads, window));
                while (order.size() > AHEAD * inFlight
                        || (!order.isEmpty() && order.element().isDone())) {
                    take(order.remove(), sink);
                }
            }
            while (!order.isEmpty()) {
                take(order.remove(), sink);
            }
        }
        halt.rethrow();
        return halt.isWished()
                ? Optional.empty()
                : Optional.of(new Summary(written, refused, missed, reasons, unanswered, failure, pending));
    }

    private void take(CompletableFuture<Optional<Authored>> one, Consumer<Authored> sink) {
        one.join().ifPresent(authored -> {
            for (FailedAttempt attempt : authored.failedAttempts()) {
                missed.merge(attempt.kind(), 1L, Long::sum);
                reasons.merge(FailedAttempt.withoutDetail(attempt.reason()), 1L, Long::sum);
            }
            if (authored.refused() == null) {
                written++;
            } else {
                refused.merge(authored.reason(), 1L, Long::sum);
            }
            sink.accept(authored);
        });
    }

    private CompletableFuture<Optional<Authored>> begin(Problem problem, ExecutorService threads, Semaphore window) {
        Optional<SampleOutcome.Refused> why = filters.stream()
                .flatMap(filter -> filter.refuse(problem).stream())
                .findFirst();
        if (why.isPresent()) {
            String detail = why.get().detail();
            String reason = why.get().reason() + (detail.isEmpty() ? "" : ": " + detail);
            return CompletableFuture.completedFuture(Optional.of(Authored.refused(problem.id(), reason)));
        }
        window.acquireUninterruptibly();
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return one(problem);
                    } finally {
                        window.release();
                    }
                },
                threads);
    }

    /** Empty when the run halts. */
    private Optional<Authored> one(Problem problem) {
        AtomicReference<@Nullable Authored> came = new AtomicReference<>();
        halt.within(
                "problem " + problem.id(),
                () -> came.set(Authored.of(problem.id(), author.write(problem))),
                e -> came.set(fail(problem, e)));
        return Optional.ofNullable(came.get());
    }

    private synchronized Authored fail(Problem problem, ChatException e) {
        if (e.kind() == ChatException.Kind.PENDING) {
            pending++;
        } else {
            unanswered++;
            failure = String.valueOf(e.getMessage());
        }
        return Authored.refused(problem.id(), NO_ANSWER + e.getMessage());
    }
}
