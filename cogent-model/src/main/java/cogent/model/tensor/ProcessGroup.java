package cogent.model.tensor;

import static java.util.stream.Collectors.toCollection;

import cogent.data.InputException;
import cogent.model.process.Launch;
import cogent.model.process.LostRankException;
import cogent.model.process.StandardOutput;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.SizeTPointer;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.GlooDeviceVector;
import org.bytedeco.pytorch.PrefixStore;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Store;
import org.bytedeco.pytorch.StringVector;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;
import org.bytedeco.pytorch.gloo.Device;
import org.bytedeco.pytorch.nccl.ProcessGroupNCCL;
import org.jspecify.annotations.Nullable;

/**
 * Ranks over libtorch's own c10d: a TCP store at rank 0, Gloo for tensors in memory, NCCL for those on GPUs. Used by one
 * thread. The group classes are called as the {@link Backend} that they are: the binding of c10d's ProcessGroup crashes.
 */
final class ProcessGroup implements Ranks {
    static {
        LibTorch.load();
    }

    private static final Duration MEET = Duration.ofMinutes(10);
    private static final Duration ASK = Duration.ofSeconds(5);
    private static final long LISTEN_MILLIS = 100;

    private final Launch launch;
    /** What the prefix store stands on: the binding does not keep it alive. */
    private final TCPStore connection;

    private final Store store;
    private final ProcessGroupGloo gloo;
    private @Nullable ProcessGroupNCCL nccl;
    private String where = "the start";
    private int said;

    ProcessGroup(Launch launch) {
        this.launch = launch;
        try (var _ = new PointerScope()) {
            connection = connection(launch);
            store = new PrefixStore("cogent-" + launch.attempt(), connection).retainReference();
            ProcessGroupGloo.Options options = options(launch);
            gloo = StandardOutput.spared(
                    () -> new ProcessGroupGloo(store, launch.rank(), launch.worldSize(), options).retainReference());
        } catch (RuntimeException | IOException e) {
            throw new InputException(
                    "rank %d of %d cannot meet the others at %s:%d (%s): see that all %d processes are started and that"
                                    .formatted(
                                            launch.rank(),
                                            launch.worldSize(),
                                            launch.host(),
                                            launch.port(),
                                            firstLine(e),
                                            launch.worldSize())
                            + " MASTER_ADDR and MASTER_PORT name a free port of rank 0's machine",
                    e);
        }
    }

    private static TCPStore connection(Launch launch) {
        var options = new TCPStoreOptions();
        options.port((short) launch.port())
                .isServer(launch.rank() == 0 && !launch.agentStore())
                .waitWorkers(!launch.agentStore()) // by which the others make themselves known
                .timeout(millis(MEET));
        options.numWorkers(new SizeTPointer(1).put(launch.worldSize()));
        return new TCPStore(launch.host(), options).retainReference();
    }

    private static ProcessGroupGloo.Options options(Launch launch) throws IOException {
        var options = ProcessGroupGloo.Options.create(millis(launch.timeout()));
        var devices = new GlooDeviceVector();
        devices.push_back(device(launch));
        options.devices(devices);
        return options;
    }

    /** The interface that leads to rank 0, unless the variable that PyTorch heeds names one. */
    private static Device device(Launch launch) throws IOException {
        String name = System.getenv("GLOO_SOCKET_IFNAME");
        if (name != null) {
            return ProcessGroupGloo.createDeviceForInterface(name);
        }
        try (var socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByName(launch.host()), launch.port()));
            return ProcessGroupGloo.createDeviceForHostname(
                    socket.getLocalAddress().getHostAddress());
        }
    }

    @Override
    public int rank() {
        return launch.rank();
    }

    @Override
    public int count() {
        return launch.worldSize();
    }

    @Override
    public void at(String place) {
        where = place;
        guarded(() -> {
            store.set("at-" + rank(), place);
            return true;
        });
    }

    @Override
    public Pending sum(Tensor values) {
        return begin(() -> backend(values).allreduce(new TensorVector(values.raw())));
    }

    @Override
    public Pending reduceScatter(Tensor all, Tensor own) {
        return begin(
                () -> backend(all)._reduce_scatter_base(own.raw(), all.view(-1).raw()));
    }

    @Override
    public Pending allGather(Tensor own, Tensor all) {
        return begin(() -> backend(all)._allgather_base(all.view(-1).raw(), own.raw()));
    }

    @Override
    public double[] sum(double... values) {
        try (Scope _ = Scope.open()) {
            Tensor tensor = Tensors.of(values, values.length);
            sum(tensor).await();
            return tensor.toDoubles();
        }
    }

    @Override
    public void say(String text) {
        guarded(() -> {
            store.set("said-" + said++, text);
            return true;
        });
    }

    @Override
    public String hear() {
        String key = "said-" + said++;
        try (var _ = new PointerScope()) {
            var keys = new StringVector(key);
            while (!guarded(() -> store.check(keys))) {
                Thread.sleep(LISTEN_MILLIS);
            }
            return guarded(() -> store.get_to_str(key));
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while waiting for rank 0", e);
        }
    }

    /** The handle outlives the scope that is open: the work is awaited when others are long closed. */
    private Pending begin(Supplier<Work> operation) {
        try (var _ = new PointerScope()) {
            Work work = guarded(operation).retainReference();
            return () -> {
                try {
                    guarded(work::_wait);
                } finally {
                    work.deallocate();
                }
            };
        }
    }

    private Backend backend(Tensor tensor) {
        return tensor.device().isCpu() ? gloo : nccl();
    }

    private ProcessGroupNCCL nccl() {
        if (nccl == null) {
            var options = ProcessGroupNCCL.Options.create();
            options.timeout(millis(launch.timeout()));
            nccl = new ProcessGroupNCCL(store, rank(), count(), options).retainReference();
        }
        return Objects.requireNonNull(nccl);
    }

    private <T> T guarded(Supplier<T> operation) {
        try {
            return operation.get();
        } catch (RuntimeException e) {
            throw new LostRankException(lost(e), e);
        }
    }

    /** Who did not come, if a timeout ended the waiting. */
    private String lost(RuntimeException e) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        if (!message.contains("timed out") && !message.contains("timeout")) {
            return "rank %d lost another rank at %s (%s): the same command goes on at the last checkpoint"
                    .formatted(rank(), where, firstLine(e));
        }
        return "rank %d waited %d s in vain at %s for %s: see what that process does; the same command goes on at the last"
                        .formatted(rank(), launch.timeout().toSeconds(), where, late())
                + " checkpoint";
    }

    /** The others wait for the same rank, and say so about now: late is who does not. */
    private String late() {
        SortedSet<Integer> silent = IntStream.range(0, count())
                .filter(other -> other != rank())
                .boxed()
                .collect(toCollection(TreeSet::new));
        try (var _ = new PointerScope()) {
            store.setTimeout(millis(ASK));
            store.set("waits-" + rank(), where);
            for (long left = ASK.toMillis(); left > 0 && !silent.isEmpty(); left -= LISTEN_MILLIS) {
                silent.removeIf(other -> has("waits-" + other));
                Thread.sleep(LISTEN_MILLIS);
            }
            return silent.isEmpty()
                    ? "another rank"
                    : silent.stream().map(this::lastSeen).collect(Collectors.joining(" and "));
        } catch (RuntimeException _) { // the store is rank 0's
            return silent.contains(0)
                    ? "rank 0, which does not answer"
                    : silent.stream().map(other -> "rank " + other).collect(Collectors.joining(" and "));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return "another rank";
        }
    }

    private String lastSeen(int other) {
        String key = "at-" + other;
        return "rank " + other + ", last seen at " + (has(key) ? store.get_to_str(key) : "the start");
    }

    private boolean has(String key) {
        return store.check(new StringVector(key));
    }

    /** Without the place in libtorch's sources. */
    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("").replaceFirst("^\\[\\S+\\] ", "");
    }

    private static Milliseconds millis(Duration duration) {
        return new Milliseconds(duration.toMillis());
    }

    @Override
    public void close() {
        if (nccl != null) {
            nccl.shutdown();
            nccl.deallocate();
        }
        gloo.deallocate();
        store.deallocate();
        connection.deallocate();
    }
}
