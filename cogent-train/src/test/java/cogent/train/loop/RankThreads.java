package cogent.train.loop;

import cogent.model.process.Launch;
import cogent.model.tensor.Ranks;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Ranks that are threads of this process: they meet and sum as processes do, and start at once. */
final class RankThreads {
    private RankThreads() {}

    /** Does the work on all ranks; gives what each came to. */
    static <T> List<T> together(int count, Function<Ranks, T> work) throws Exception {
        int port = freePort();
        try (ExecutorService threads =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            List<Future<T>> results = new ArrayList<>();
            for (int rank = 0; rank < count; rank++) {
                Launch launch = new Launch(rank, count, rank, "127.0.0.1", port, false, 0, Duration.ofMinutes(1));
                results.add(threads.submit(() -> {
                    try (Ranks ranks = Ranks.join(launch)) {
                        return work.apply(ranks);
                    }
                }));
            }
            List<T> all = new ArrayList<>();
            for (Future<T> result : results) {
                all.add(result.get());
            }
            return all;
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
