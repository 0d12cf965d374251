package cogent.llm.run;

import cogent.llm.ChatException;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import cogent.llm.meter.Meter;
import cogent.llm.meter.Price;
import cogent.llm.store.Stored;
import cogent.llm.store.Unanswered;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Counts every try of the model inside on a {@link Meter}, and sends none that the budget might not bear. */
public final class Metered implements ChatModel {
    private final ChatModel inner;
    private final Meter meter;
    private final Price price;
    private final OptionalLong completionBound;
    private final @Nullable Unanswered unanswered;
    private final AtomicLong largestCompletion = new AtomicLong(1000);

    /** @param unanswered where calls are recorded that are out; null for a model in this process */
    public Metered(
            ChatModel inner, Meter meter, Price price, OptionalLong completionBound, @Nullable Unanswered unanswered) {
        this.inner = new TracedCalls(inner);
        this.meter = meter;
        this.price = price;
        this.completionBound = completionBound;
        this.unanswered = unanswered;
    }

    @Override
    public ChatReply chat(ChatRequest request) {
        var bound = Meter.Spend.bound(request, completionBound.orElse(largestCompletion.get()), price);
        meter.reserve(bound);
        Unanswered.@Nullable Sent sent = null;
        try {
            sent = unanswered == null ? null : unanswered.sent(Stored.CURRENT.get(), bound);
            ChatReply reply = inner.chat(request);
            largestCompletion.accumulateAndGet(reply.usage().completionTokens(), Math::max);
            meter.answered(request.agent(), bound, reply.usage(), price.of(reply.usage()));
            return reply;
        } catch (ChatException e) {
            boolean lost = e.trouble().mayBeBilled();
            if (unanswered != null && sent != null && lost) {
                unanswered.lost(sent, String.valueOf(e.getMessage()));
            } else if (unanswered != null && sent != null) {
                unanswered.refused(sent);
            }
            meter.failed(request.agent(), bound, lost);
            throw e;
        } catch (Throwable e) { // Kotlin's chat models throw undeclared what they like
            meter.failed(request.agent(), bound, false);
            throw e;
        }
    }
}
