package cogent.local;

import cogent.llm.Piece;
import cogent.model.generate.Generation;
import cogent.model.generate.Generation.Completion;
import cogent.model.generate.TokenScore;
import cogent.model.text.ReplyStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A reply under way: the thread that owns the model makes its text, the calling thread takes it. */
final class Pending {
    private final Generation generation;
    private final ReplyStream text;
    private final TokenScores scores;
    private final BooleanSupplier gone;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private volatile boolean abandoned;

    /** Of the tokens since the last piece; on the model's thread. */
    private final List<TokenScore> scored = new ArrayList<>();

    private sealed interface Event {
        record Text(String text, List<TokenScore> scores) implements Event {}

        record Finished(Completion completion) implements Event {}

        record Failed(RuntimeException why) implements Event {}
    }

    /** @param gone whether nobody waits for the reply any more */
    Pending(Generation generation, ReplyStream text, TokenScores scores, BooleanSupplier gone) {
        this.generation = generation;
        this.text = text;
        this.scores = scores;
        this.gone = gone;
    }

    Generation generation() {
        return generation;
    }

    /** On the model's thread. */
    void promptScored(List<TokenScore> prompt) {
        events.add(new Event.Text(scores.prompt(), prompt));
    }

    /** On the model's thread. */
    void scored(TokenScore score) {
        scored.add(score);
    }

    /** On the model's thread: one more token; returns whether the reply goes on. */
    boolean token(int id) {
        String piece = text.push(id);
        if (!piece.isEmpty()) {
            give(piece);
        }
        return !text.stopped() && !abandoned && !gone.getAsBoolean();
    }

    /** On the model's thread. */
    void finished(Completion completion) {
        String rest = text.finish();
        if (!rest.isEmpty() || !scored.isEmpty()) {
            give(rest);
        }
        events.add(new Event.Finished(completion));
    }

    /** On the model's thread. */
    void failed(RuntimeException why) {
        events.add(new Event.Failed(why));
    }

    private void give(String piece) {
        events.add(new Event.Text(piece, List.copyOf(scored)));
        scored.clear();
    }

    /**
     * On the calling thread: hands out the pieces until the reply is whole.
     *
     * @throws InterruptedException when the caller was interrupted; the reply is then given up
     */
    Completion await(Consumer<Piece> pieces) throws InterruptedException {
        try {
            while (true) {
                switch (events.take()) {
                    case Event.Text piece ->
                        pieces.accept(new Piece(
                                piece.text(),
                                piece.scores().stream().map(scores::next).toList()));
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
