# Cogent on a CPU: the archive with its natives, on a system that has a C library and little else.
#   ./mvnw -Prelease -DskipTests -Dcogent.natives=bundled -Darchive.format=dir -pl cogent-archive -am package
#   docker build -t cogent .
#   docker run --rm -v "$PWD:/data" cogent run recipes/quickstart.yaml
# On a GPU, an archive made with -Pcuda besides, and NVIDIA's system with cuBLAS, cuDNN and NCCL:
#   docker build -t cogent:cuda --build-arg BASE=nvidia/cuda:13.1.0-cudnn-runtime-ubuntu24.04 .
#   docker run --rm --gpus all -v "$PWD:/data" cogent:cuda doctor
ARG BASE=debian:trixie-slim
FROM ${BASE}
COPY cogent-archive/target/cogent-*-bundled-linux-x86_64/cogent-* /opt/cogent
RUN ln -s /opt/cogent/bin/cogent /usr/local/bin/cogent
# what JavaCPP unpacks and the hub's cache outlive the container where /data does
ENV HOME=/data/.cogent COGENT_JAVA_OPTS=-Duser.home=/data/.cogent
WORKDIR /data
ENTRYPOINT ["cogent"]
