# On the machine with the GPU, in the folder that holds all pieces:  . ./unpack.sh
# Leaves the functions cogent and gpuspeed; CUDA's libraries are those of PyTorch's wheels.
G=${G:-$PWD}
[ -d "$G/jre" ] || {
  (cd "$G" && mkdir -p natives && cat natives.?? | tar xJ -C natives && cat libraries.?? | tar xJ && tar xJf classes.tar.xz)
  # stored, not packed: JavaCPP unpacks it once more
  (cd "$G/natives" && python3 -c "
import os, zipfile
with zipfile.ZipFile('../lib/pytorch-gpu.jar', 'w', zipfile.ZIP_STORED) as jar:
    for folder, _, files in os.walk('org'):
        jar.writestr(folder + '/', '')  # by its folder Cogent knows that it is there
        for file in files: jar.write(os.path.join(folder, file))")
}
wheels=$(python3 -c "import os, torch; print(os.path.dirname(os.path.dirname(torch.__file__)))")
export LD_LIBRARY_PATH="$(find "$wheels/nvidia" -name '*.so*' -printf '%h\n' | sort -u | tr '\n' ':')"
export MALLOC_ARENA_MAX=1
ldd "$G/natives/org/bytedeco/pytorch/linux-x86_64-gpu/libtorch_cuda.so" | grep 'not found' || true
flags="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Dorg.bytedeco.javacpp.maxBytes=0
  -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 -XX:+UseParallelGC -Dcogent.command=cogent"
CP="$(find "$G" -path '*/target/classes' -type d | tr '\n' ':')$(ls "$G"/lib/*.jar | tr '\n' ':')"
cogent() { "$G/jre/bin/java" $flags -cp "$CP" cogent.cli.Main "$@"; }
gpuspeed() { timeout "${T:-120}" "$G/jre/bin/java" $flags -cp "$CP" cogent.bench.GpuSpeed "$@"; }
