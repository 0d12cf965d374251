package cogent.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The digests of "" and "abc" are those of FIPS 180-4's examples. */
class Sha256Test {
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    Path folder;

    @Test
    void hashesTextAsPublished() {
        assertThat(Sha256.hex("abc")).isEqualTo(ABC);
        assertThat(Sha256.hex("")).isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @Test
    void aFileHashesLikeItsBytesHoweverTheyAreAdded() throws IOException {
        Path file = Files.writeString(folder.resolve("abc"), "abc");

        assertThat(Sha256.hex(file)).isEqualTo(ABC);
        assertThat(new Sha256()
                        .add("a")
                        .add((byte) 'b')
                        .add(ByteBuffer.wrap(new byte[] {'c'}))
                        .hex())
                .isEqualTo(ABC);
    }

    @Test
    void partsCannotRunIntoEachOther() {
        assertThat(new Sha256().addPart("ab").addPart("c").hex())
                .isNotEqualTo(new Sha256().addPart("a").addPart("bc").hex());
        assertThat(new Sha256().addPart("ä").hex())
                .isEqualTo(new Sha256()
                        .add((byte) 0, (byte) 0, (byte) 0, (byte) 2)
                        .add("ä")
                        .hex());
    }

    @Test
    void beginsAnewAfterEachHash() {
        var sha256 = new Sha256();
        sha256.add("something else").bytes();

        assertThat(sha256.add("abc").hex()).isEqualTo(ABC);
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> Sha256.hex(folder.resolve("none")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("none: cannot be read");
    }
}
