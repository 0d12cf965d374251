package cogent.local;

import cogent.model.generate.Generation;
import cogent.model.generate.Generation.Completion;
import cogent.model.text.ReplyStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A reply under way: the thread that owns the model makes its text, the calling thread takes it. */
final class Pending {
    private final Generation generation;
    private final ReplyStream text;
    private final BooleanSupplier gone;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private volatile boolean abandoned;

    private sealed interface Event {
        record Piece(String text) implements Event {}

        record Finished(Completion completion) implements Event {}

        record Failed(RuntimeException why) implements Event {}
    }

    /** @param gone whether nobody waits for the reply any more */
    Pending(Generation generation, ReplyStream text, BooleanSupplier gone) {
        this.generation = generation;
        this.text = text;
        this.gone = gone;
    }

    Generation generation() {
        return generation;
    }

    /** On the model's thread: one more token; returns whether the reply goes on. */
    boolean token(int id) {
        piece(text.push(id));
        return !text.stopped() && !abandoned && !gone.getAsBoolean();
    }

    /** On the model's thread. */
    void finished(Completion completion) {
        piece(text.finish());
        events.add(new Event.Finished(completion));
    }

    /** On the model's thread. */
    void failed(RuntimeException why) {
        events.add(new Event.Failed(why));
    }

    private void piece(String piece) {
        if (!piece.isEmpty()) {
            events.add(new Event.Piece(piece));
        }
    }

    /**
     * On the calling thread: hands out the pieces until the reply is whole.
     *
     * @throws InterruptedException when the caller was interrupted; the reply is then given up
     */
    Completion await(Consumer<String> pieces) throws InterruptedException {
        try {
            while (true) {
                switch (events.take()) {
                    case Event.Piece piece -> pieces.accept(piece.text());
                    case Event.Finished finished -> {
                        return finished.completion();
                    }
                    case Event.Failed failed -> throw failed.why();
                }
            }
        } finally {
            abandoned = true;
        }
    }
}
