package cogent.train.forward;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.model.tensor.LibTorch;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MachineSpeedTest {
    @Test
    void a_machine_of_this_century_has_a_speed_within_the_possible() {
        MachineSpeed speed = MachineSpeed.measure(Device.CPU, DType.F32, Duration.ofMillis(20));
        assertThat(speed.gemmFlops()).isBetween(1e8, 1e15);
        assertThat(speed.copyBytes()).isBetween(1e8, 1e13);
    }

    @Test
    void measuring_leaves_no_tensor_behind() {
        MachineSpeed.measure(Device.CPU, DType.F32, Duration.ZERO);
        long before = LibTorch.liveHandles();
        MachineSpeed.measure(Device.CPU, DType.F32, Duration.ZERO);
        assertThat(LibTorch.liveHandles()).isEqualTo(before);
    }
}
