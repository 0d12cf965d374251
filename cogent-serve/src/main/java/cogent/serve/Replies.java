package cogent.serve;

import cogent.llm.ChatException;
import cogent.llm.ChatReply;
import cogent.llm.Piece;
import cogent.llm.TokenLogprob;
import cogent.llm.openai.EventStream;
import cogent.serve.Answer.Drawn;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Draws the replies that requests ask for, all of one request at the same time, and writes them as they are wanted. */
final class Replies {
    static final int AT_ONCE = 4096;

    private final ExecutorService threads;
    private final Metrics metrics;
    private final Semaphore room = new Semaphore(AT_ONCE);
    private volatile boolean stopping;

    /** Draws one of a request's replies, by its number from 0. */
    interface Draw {
        ChatReply draw(int index, Consumer<Piece> pieces, BooleanSupplier gone);
    }

    Replies(ExecutorService threads, Metrics metrics) {
        this.threads = threads;
        this.metrics = metrics;
    }

    boolean stopping() {
        return stopping;
    }

    /** Takes no more requests; returns when those under way are answered, or after the time. */
    void stop(Duration grace) {
        stopping = true;
        try {
            if (room.tryAcquire(AT_ONCE, grace.toMillis(), TimeUnit.MILLISECONDS)) {
                room.release(AT_ONCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @param count how many replies */
    void answer(HttpExchange exchange, int count, Draw draw, Answer answer, Streaming streaming) throws IOException {
        if (stopping) {
            throw new BadRequest(503, "server_error", null, "the server is stopping");
        }
        if (!room.tryAcquire(count)) {
            throw new BadRequest(429, "rate_limit_exceeded", null, "too many replies at once; try again later");
        }
        long asked = System.nanoTime();
        try {
            if (streaming.on()) {
                stream(new EventStream(exchange), count, draw, answer, streaming);
            } else {
                var gone = new Disconnect(exchange.getLocalAddress(), exchange.getRemoteAddress());
                Http.send(exchange, 200, answer.whole(drawn(count, draw, (_, _) -> {}, gone)));
            }
            metrics.took(System.nanoTime() - asked);
        } finally {
            room.release(count);
        }
    }

    private void stream(EventStream events, int count, Draw draw, Answer answer, Streaming streaming) {
        try {
            List<Drawn> drawn = drawn(
                    count,
                    draw,
                    (index, piece) -> {
                        if (!piece.text().isEmpty() || !piece.logprobs().isEmpty()) {
                            events.send(answer.piece(index, piece));
                        }
                    },
                    events::gone);
            for (int i = 0; i < count; i++) {
                events.send(answer.end(i, drawn.get(i).reply().finish()));
            }
            if (streaming.usage()) {
                events.send(answer.usage(drawn));
            }
        } catch (RuntimeException e) {
            if (!events.begun()) {
                throw e;
            }
            events.send(Http.bad(e).body());
        }
        events.end();
    }

    private List<Drawn> drawn(int count, Draw draw, BiConsumer<Integer, Piece> pieces, BooleanSupplier gone) {
        if (count == 1) {
            return List.of(one(0, draw, pieces, gone));
        }
        var failed = new AtomicBoolean();
        List<Future<Drawn>> drawing = IntStream.range(0, count)
                .mapToObj(i -> threads.submit(() -> one(i, draw, pieces, () -> failed.get() || gone.getAsBoolean())))
                .toList();
        try {
            List<Drawn> drawn = new ArrayList<>();
            for (Future<Drawn> one : drawing) {
                drawn.add(one.get());
            }
            return drawn;
        } catch (ExecutionException e) {
            failed.set(true); // nobody will read the others
            throw (RuntimeException) e.getCause(); // one() throws no other
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChatException(ChatException.Kind.FATAL, "the server was stopped");
        }
    }

    private Drawn one(int index, Draw draw, BiConsumer<Integer, Piece> pieces, BooleanSupplier gone) {
        List<TokenLogprob> logprobs = new ArrayList<>();
        try (Metrics.Reply clock = metrics.new Reply()) {
            ChatReply reply = draw.draw(
                    index,
                    piece -> {
                        clock.piece();
                        logprobs.addAll(piece.logprobs());
                        pieces.accept(index, piece);
                    },
                    gone);
            clock.whole(reply.usage());
            return new Drawn(reply, logprobs);
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) { // an error, or what Kotlin's chat models throw undeclared
            throw new IllegalStateException(e);
        }
    }
}
