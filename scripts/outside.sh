#!/usr/bin/env bash
# What a stranger gets: builds and runs cogent-examples/outside against a release in a folder, and nothing else of ours.
#   scripts/outside.sh [STAGING]     STAGING: a folder that was deployed to; without it one is made, without tests
set -eu
cd "$(dirname "$0")/.."
. scripts/jdk.sh
if [ $# -gt 0 ]; then
  staging=$(cd "$1" && pwd)
else
  staging=$PWD/target/staging
  rm -rf "$staging"
  ./mvnw -q -B --no-transfer-progress -Prelease -Dmaven.test.skip -Dspotless.check.skip -Djacoco.skip \
    "-DaltDeploymentRepository=staging::file:$staging" deploy
fi
work=$PWD/target/outside
rm -rf "$work"
mkdir -p "$work/run"

# Cogent's jars go into a repository of their own; other libraries may be those that are here already.
maven() {
  ./mvnw -q -B --no-transfer-progress "-Dstaging=file:$staging" "-Dmaven.repo.local=$work/repository" \
    "-Dmaven.repo.local.tail=$HOME/.m2/repository" "$@"
}
fail() {
  echo "outside: $*" >&2
  exit 1
}

for who in curates:bytedeco curates:duckdb trains:okhttp trains:duckdb; do
  maven -f "cogent-examples/outside/${who%:*}.xml" dependency:tree "-DoutputFile=$work/${who%:*}.txt"
  ! grep "${who#*:}" "$work/${who%:*}.txt" || fail "whoever only ${who%:*} downloads ${who#*:} (above)"
done

maven -f cogent-examples/outside/pom.xml compile dependency:build-classpath "-Dmdep.outputFile=$work/classpath"
! tr ':' '\n' <"$work/classpath" | grep '/cogent-' | grep -v "^$work/repository/" || fail "jars of Cogent from elsewhere (above)"
"$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  -cp "cogent-examples/outside/target/classes:$(cat "$work/classpath")" cogent.examples.CurateTrainEvaluate "$work/run" | tail -1 >"$work/said"
[ "$(wc -l <"$work/run/metrics.jsonl")" -eq 5 ] || fail "it did not train five steps"
grep ' of 10 right$' "$work/said" || fail "it did not evaluate"
