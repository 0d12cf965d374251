#!/bin/sh
# Everything that a bare Linux machine with one NVIDIA GPU, its driver and PyTorch's wheels needs to run Cogent, in pieces that travel
# one by one:  tools/gpu/pieces.sh TARGET [COMPUTE_CAPABILITY]   (90: Hopper; needs a compiled checkout: ./mvnw test-compile, ./cogent --help)
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
target=$1 capability=${2:-90} limit=${PIECE_BYTES:-48000000}
version=2.10.0-1.5.13 cuda=13.1-9.19-1.5.13
bytedeco=$HOME/.m2/repository/org/bytedeco
mkdir -p "$target"

get() { "$root/mvnw" -B -q org.apache.maven.plugins:maven-dependency-plugin:3.8.1:get -Dtransitive=false "-Dartifact=$1"; }

natives() {
  get "org.bytedeco:pytorch:$version:jar:linux-x86_64-gpu"
  get "org.bytedeco:cuda:$cuda"
  get "org.bytedeco:cuda:$cuda:jar:linux-x86_64"
  work=$(mktemp -d)
  unzip -q "$bytedeco/pytorch/$version/pytorch-$version-linux-x86_64-gpu.jar" 'org/*' -d "$work"
  lib=$work/org/bytedeco/pytorch/linux-x86_64-gpu
  python3 "$root/tools/gpu/one_arch.py" "$lib/libtorch_cuda.so" "$capability" "$work/one.so"
  mv "$work/one.so" "$lib/libtorch_cuda.so"
  tar cf - -C "$work" org | xz -3 | split -b "$limit" -d - "$target/natives."
  rm -rf "$work"
}

# Java and what Cogent stands on, of one platform and without what a GPU's work does not need.
libraries() {
  work=$(mktemp -d)
  . "$root/scripts/jdk.sh"
  "${JAVA_HOME:?}/bin/jlink" --add-modules java.se,jdk.unsupported,jdk.management,jdk.httpserver,jdk.zipfs,jdk.crypto.ec \
    --strip-debug --no-header-files --no-man-pages --compress zip-0 --output "$work/jre"
  mkdir "$work/lib"
  for jar in "$root"/cogent-cli/target/app/lib/*.jar; do
    case $(basename "$jar") in
      cogent-* | mkl-* | duckdb* | opennlp-models* | pytorch-*-linux-x86_64.jar) ;; # natives of the CPU, and large
      *) cp "$jar" "$work/lib/" ;;
    esac
  done
  for jar in "$work"/lib/*.jar; do
    zip -qd "$jar" 'native/lib/osx*' 'native/lib/win*' 'native/lib/linux-aarch64*' 'META-INF/*.SF' >/dev/null 2>&1 || true
  done
  cp "$bytedeco/cuda/$cuda/cuda-$cuda.jar" "$bytedeco/cuda/$cuda/cuda-$cuda-linux-x86_64.jar" "$work/lib/"
  tar cf - -C "$work" jre lib | xz -1 | split -b "$limit" -d - "$target/libraries."
  rm -rf "$work"
}

# Cogent itself, as it is compiled now.
classes() {
  (cd "$root" && tar cJf "$target/classes.tar.xz" cogent-*/target/classes)
  cp "$root"/tools/gpu/*.sh "$root"/tools/gpu/*.py "$root/tools/peers/torch_step.py" "$target/"
}

for part in ${PARTS:-natives libraries classes}; do $part; done
ls -l "$target"
