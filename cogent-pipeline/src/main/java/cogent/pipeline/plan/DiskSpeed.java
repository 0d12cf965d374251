package cogent.pipeline.plan;

import cogent.data.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * How fast weights are kept.
 *
 * @param written seconds of a byte that is written, with its checksum, and forced to the disk
 * @param hashed seconds of a byte whose checksum is taken
 */
record DiskSpeed(double written, double hashed) {
    private static final int MEGABYTES = 64;
    private static final double BYTES = (double) MEGABYTES * (1 << 20);

    /** @param root the run's folder, which need not be there yet */
    static DiskSpeed of(Path root) {
        byte[] megabyte = new byte[1 << 20];
        hashing(megabyte); // warms up
        double hashing = hashing(megabyte);
        return new DiskSpeed((hashing + writing(root, megabyte)) / BYTES, hashing / BYTES);
    }

    private static double hashing(byte[] megabyte) {
        Sha256 sum = new Sha256();
        long start = System.nanoTime();
        for (int i = 0; i < MEGABYTES; i++) {
            sum.add(megabyte);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static double writing(Path root, byte[] megabyte) {
        Path folder = root.toAbsolutePath();
        while (!Files.isWritable(folder) && folder.getParent() != null) {
            folder = folder.getParent();
        }
        try {
            Path file = Files.createTempFile(folder, ".cogent-plan", "");
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                long start = System.nanoTime();
                for (int i = 0; i < MEGABYTES; i++) {
                    int _ = channel.write(ByteBuffer.wrap(megabyte));
                }
                channel.force(true);
                return (System.nanoTime() - start) / 1e9;
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            return 0; // the run says what is wrong with its folder
        }
    }
}
