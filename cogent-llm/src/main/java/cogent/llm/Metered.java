package cogent.llm;

import cogent.llm.ChatException.Trouble;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/** Counts every try of the model inside on a {@link Meter}, and sends none that the budget might not bear. */
final class Metered implements ChatModel {
    private final ChatModel inner;
    private final Meter meter;
    private final Price price;
    private final OptionalLong completionBound;
    private final AtomicLong largestCompletion = new AtomicLong(1000);

    Metered(ChatModel inner, Meter meter, Price price, OptionalLong completionBound) {
        this.inner = inner;
        this.meter = meter;
        this.price = price;
        this.completionBound = completionBound;
    }

    @Override
    public ChatReply chat(ChatRequest request) {
        var bound = Meter.Spend.bound(request, completionBound.orElse(largestCompletion.get()), price);
        meter.reserve(bound);
        try {
            ChatReply reply = inner.chat(request);
            largestCompletion.accumulateAndGet(reply.usage().completionTokens(), Math::max);
            meter.answered(request.agent(), bound, reply.usage(), price.of(reply.usage()));
            return reply;
        } catch (ChatException e) {
            meter.failed(request.agent(), bound, e.trouble() == Trouble.LOST);
            throw e;
        } catch (RuntimeException | Error e) {
            meter.failed(request.agent(), bound, false);
            throw e;
        }
    }
}
