package cogent.llm.openai;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Handshake;
import okhttp3.Protocol;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Where a call is: whether its request is on its way, to tell "nothing was sent" from "sent, and no reply". It also
 * bounds the TLS handshake, which OkHttp measures by the read timeout, and that must be without bound here.
 */
final class CallProgress extends EventListener {
    /** A server that closed an idle connection shows it in the first round trip. */
    private static final Duration ROUND_TRIP = Duration.ofSeconds(2);

    private final Duration connectTimeout;
    private volatile boolean connected;
    private volatile boolean sent;
    private volatile long sentAt;
    private volatile boolean answered;
    private volatile boolean slow;
    private volatile @Nullable Thread handshake;

    CallProgress(Duration connectTimeout) {
        this.connectTimeout = connectTimeout;
    }

    /** The listener of a call that carries one as its tag. */
    static EventListener of(Call call) {
        CallProgress progress = call.request().tag(CallProgress.class);
        return progress != null ? progress : EventListener.NONE;
    }

    boolean sent() {
        return sent;
    }

    /** Whether the handshake took too long. */
    boolean slow() {
        return slow;
    }

    /**
     * Whether the call failed because the server had closed the connection, kept from an earlier call, before it came: no
     * sign of an answer, at once, and on a connection that was not made for it.
     */
    boolean stale() {
        return sent && !connected && !answered && System.nanoTime() - sentAt < ROUND_TRIP.toNanos();
    }

    @Override
    public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
        connected = true;
    }

    @Override
    public void secureConnectStart(Call call) {
        handshake = Thread.startVirtualThread(() -> {
            try {
                Thread.sleep(connectTimeout);
                slow = true;
                call.cancel();
            } catch (InterruptedException e) {
                // it came about in time
            }
        });
    }

    @Override
    public void secureConnectEnd(Call call, @Nullable Handshake result) {
        end();
    }

    @Override
    public void connectFailed(
            Call call, InetSocketAddress address, Proxy proxy, @Nullable Protocol protocol, IOException e) {
        end();
    }

    @Override
    public void requestHeadersStart(Call call) {
        sentAt = System.nanoTime();
        sent = true;
    }

    @Override
    public void responseHeadersEnd(Call call, Response response) {
        answered = true;
    }

    private void end() {
        Thread waiting = handshake;
        if (waiting != null) {
            waiting.interrupt();
        }
    }
}
