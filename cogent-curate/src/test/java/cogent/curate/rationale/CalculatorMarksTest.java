package cogent.curate.rationale;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.data.Problem;
import cogent.data.Rationale;
import cogent.data.Sample;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CalculatorMarksTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sold 48/2 = <<48/2=24>>24 clips | sold 48/2 = 24 clips
            $<<2*.5=1.0>>1 and <<1+1=2>>2   | $1 and 2
            if a << 2 then b >> 1           | if a << 2 then b >> 1
            x<<y                            | x<<y
            """)
    void only_the_annotations_go(String text, String left) {
        Problem problem = new Problem("1", "p", "72");
        Sample sample = new Sample(problem, new Rationale(text, "72"));
        assertThat(CalculatorMarks.without(sample)).isEqualTo(new Sample(problem, new Rationale(left, "72")));
    }
}
