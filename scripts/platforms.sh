#!/usr/bin/env bash
# Whether Maven Central has the natives that our poms name for platforms which are not this one. That they load there, it does
# not show: docs/install.md names what has been tried.
set -eu
cd "$(dirname "$0")/.."
property() { sed -n "s|.*<$1>\(.*\)</$1>.*|\1|p" pom.xml; }
javacpp=$(property javacpp.version)
version() { property "$1.version" | sed "s/\${javacpp.version}/$javacpp/"; }
for platform in macosx-arm64 macosx-x86_64 windows-x86_64; do
  for library in javacpp openblas pytorch; do
    ./mvnw -q -B --no-transfer-progress -pl cogent-bom org.apache.maven.plugins:maven-dependency-plugin:get -Dtransitive=false \
      "-Dartifact=org.bytedeco:$library:$(version $library):jar:$platform"
  done
  echo "$platform: javacpp, openblas and pytorch are there"
done
