#!/bin/sh
# The proof of docs/scale.md at size: several workers on one corpus in PostgreSQL, killed at random, a faulty endpoint, the store away
# for a minute. About a quarter of an hour on two cores. Needs PostgreSQL (apt-get install postgresql).
set -eu
cd "$(dirname "$0")/.."
. scripts/jdk.sh
exec ./mvnw -B --no-transfer-progress test -Djacoco.skip -Pspark -pl cogent-postgres,cogent-spark -am -Dtest=WorkersTest,CogentCurationTest \
  -Dsurefire.failIfNoSpecifiedTests=false \
  -DargLine="-Dcogent.scale.rows=${ROWS-2000} -Dcogent.scale.kills=${KILLS-20} -Dcogent.scale.away=${AWAY-60}"
