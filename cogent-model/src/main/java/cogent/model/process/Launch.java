package cogent.model.process;

import cogent.data.InputException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a process is told that it is one of several: the environment variables of torchrun, which SLURM scripts and Kubernetes
 * jobs set too. {@code RANK}, {@code WORLD_SIZE}, {@code MASTER_ADDR} and {@code MASTER_PORT} must be there together;
 * {@code LOCAL_RANK} counts on each machine (default: RANK).
 *
 * @param localRank number of the process on its machine: its GPU
 * @param host where rank 0 listens
 * @param port where rank 0 listens
 * @param agentStore whether the launcher listens there in place of rank 0 (torchrun's agent)
 * @param attempt of a launcher that starts all anew after a failure
 * @param timeout how long a rank waits for the others before it says that one hangs; {@code COGENT_RANK_TIMEOUT} in seconds,
 *     30 minutes if not set, as PyTorch has it
 */
public record Launch(
        int rank,
        int worldSize,
        int localRank,
        String host,
        int port,
        boolean agentStore,
        int attempt,
        Duration timeout) {
    private static final long HALF_AN_HOUR = 1800;

    public Launch {
        require(worldSize >= 1, "WORLD_SIZE is " + worldSize + ": at least 1");
        require(
                rank >= 0 && rank < worldSize,
                "RANK is " + rank + " of WORLD_SIZE " + worldSize + ": 0 to " + (worldSize - 1));
        require(localRank >= 0, "LOCAL_RANK is " + localRank + ": at least 0");
        require(port >= 1 && port <= 65535, "MASTER_PORT is " + port + ": 1 to 65535");
        require(!timeout.isZero() && !timeout.isNegative(), "COGENT_RANK_TIMEOUT must be at least 1 second");
    }

    /**
     * What the environment says; empty where it speaks of no process group.
     *
     * @throws InputException when a variable is missing or no number
     */
    public static Optional<Launch> of(Map<String, String> environment) {
        if (!environment.containsKey("WORLD_SIZE") || !environment.containsKey("RANK")) {
            return Optional.empty();
        }
        int rank = number(environment, "RANK");
        int worldSize = number(environment, "WORLD_SIZE");
        if (worldSize == 1) {
            return Optional.empty();
        }
        Stream.of("MASTER_ADDR", "MASTER_PORT")
                .filter(name -> !environment.containsKey(name))
                .forEach(name -> {
                    throw new InputException(
                            "RANK and WORLD_SIZE are set, " + name + " is not: give all processes the address"
                                    + " (MASTER_ADDR) and a free port (MASTER_PORT) of rank 0");
                });
        return Optional.of(new Launch(
                rank,
                worldSize,
                environment.containsKey("LOCAL_RANK") ? number(environment, "LOCAL_RANK") : rank,
                environment.getOrDefault("MASTER_ADDR", ""),
                number(environment, "MASTER_PORT"),
                "True".equalsIgnoreCase(environment.get("TORCHELASTIC_USE_AGENT_STORE")),
                environment.containsKey("TORCHELASTIC_RESTART_COUNT")
                        ? number(environment, "TORCHELASTIC_RESTART_COUNT")
                        : 0,
                Duration.ofSeconds(
                        environment.containsKey("COGENT_RANK_TIMEOUT")
                                ? number(environment, "COGENT_RANK_TIMEOUT")
                                : HALF_AN_HOUR)));
    }

    private static int number(Map<String, String> environment, String name) {
        String value = environment.getOrDefault(name, "").strip();
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new InputException(name + " is no number: " + value, e);
        }
    }

    private static void require(boolean sound, String message) {
        if (!sound) {
            throw new InputException(message);
        }
    }
}
