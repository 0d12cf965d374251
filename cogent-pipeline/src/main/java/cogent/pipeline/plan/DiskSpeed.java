package cogent.pipeline.plan;

import cogent.data.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** How fast the disk of a run takes what is written, with its checksum, and forced to it. */
final class DiskSpeed {
    private static final int MEGABYTES = 64;

    private DiskSpeed() {}

    /** @param root the run's folder, which need not be there yet */
    static double secondsOfAByte(Path root) {
        Path folder = root.toAbsolutePath();
        while (!Files.isWritable(folder) && folder.getParent() != null) {
            folder = folder.getParent();
        }
        try {
            Path file = Files.createTempFile(folder, ".cogent-plan", "");
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                byte[] megabyte = new byte[1 << 20];
                Sha256 sum = new Sha256();
                long start = System.nanoTime();
                for (int i = 0; i < MEGABYTES; i++) {
                    int _ = channel.write(ByteBuffer.wrap(megabyte));
                    sum.add(megabyte);
                }
                channel.force(true);
                return (System.nanoTime() - start) / 1e9 / MEGABYTES / (1 << 20);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            return 0; // the run says what is wrong with its folder
        }
    }
}
