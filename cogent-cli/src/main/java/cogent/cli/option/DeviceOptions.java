package cogent.cli.option;

import cogent.local.LocalChatModel;
import cogent.model.decoder.LanguageModel;
import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where a model computes, and in which precision. */
public final class DeviceOptions {
    /** Precisions by the names that people use. */
    enum Precision {
        FP32(DType.F32),
        BF16(DType.BF16);

        private final DType dtype;

        Precision(DType dtype) {
            this.dtype = dtype;
        }
    }

    @Option(names = "--device", defaultValue = "cpu", description = "cpu, cuda or cuda:N (default: cpu)")
    private String device;

    @Option(
            names = "--dtype",
            defaultValue = "fp32",
            description =
                    "what is computed in: fp32, or bf16 in half the memory, decoding faster on a CPU (default: fp32)")
    private Precision dtype;

    public LanguageModel load(Path directory) {
        return LanguageModel.load(directory, Device.named(device), dtype.dtype);
    }

    public LocalChatModel loadChat(String name, Path directory, LocalChatModel.Settings settings) {
        return LocalChatModel.load(name, directory, Device.named(device), dtype.dtype, settings);
    }
}
