#!/bin/sh
# The proof of docs/scale.md at size: several workers on one corpus in PostgreSQL, killed at random, a faulty endpoint, the store away
# for a minute; then Spark's executors with workers beside them. Needs PostgreSQL (apt-get install postgresql).
# PACE=300 measures instead how fast three processes are against one, 300 rows each; best on a machine that does nothing else.
set -eu
cd "$(dirname "$0")/.."
. scripts/jdk.sh
if [ -n "${PACE-}" ]; then
  tests=ThroughputTest modules=cogent-postgres size="-Dcogent.scale.throughput=$PACE"
else
  tests=WorkersTest,CogentCurationTest modules=cogent-postgres,cogent-spark
  size="-Dcogent.scale.rows=${ROWS-2000} -Dcogent.scale.kills=${KILLS-20} -Dcogent.scale.away=${AWAY-60}"
fi
exec ./mvnw -B --no-transfer-progress test -Djacoco.skip -Pspark -pl $modules -am -Dtest=$tests \
  -Dsurefire.failIfNoSpecifiedTests=false $size
