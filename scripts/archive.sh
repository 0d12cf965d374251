#!/usr/bin/env bash
# What somebody without a checkout gets: unpacks the archive that ./mvnw -Prelease made into a clean folder, and runs a short
# quickstart from it with nothing but its own Java. The natives come from this machine's Maven repository.
set -eu
cd "$(dirname "$0")/.."
root=$PWD
archive=$(ls "$root"/cogent-archive/target/cogent-[0-9.]*.zip)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unzip -q "$archive" -d "$work"
cd "$work"/cogent-*

fail() {
  echo "archive: $*" >&2
  exit 1
}
cogent() {
  env -i HOME="$work/home" PATH=/usr/bin:/bin COGENT_MAVEN="file:$HOME/.m2/repository" \
    COGENT_JAVA_OPTS="-Duser.home=$work/home" bin/cogent "$@"
}

cogent --version | tee "$work/version"
[ ! -e "$work/home/.cache" ] || fail "--version fetched natives"
cogent run recipes/quickstart.yaml --set playground.problems=200 --set playground.held_out=20 --set sft.max_steps=5 \
  --set align.max_steps=2 >"$work/said"
for made in sft.jsonl preferences.jsonl report.html models/aligned/model.safetensors; do
  [ -s "runs/quickstart/$made" ] || fail "the quickstart made no $made"
done
mv "$work/home/.cache/cogent" "$work/fetched"
[ "$(find "$work/fetched" -name '*.jar' | wc -l)" -eq "$(wc -l <natives.txt)" ] || fail "other natives than natives.txt names"
size() { du -smc "$@" | tail -1 | cut -f 1; }
echo "the archive runs: $(size "$archive") MB, unpacked $(size bin docs lib recipes runtime) MB, natives $(size "$work/fetched") MB," \
  "unpacked at the first start $(size "$work/home/.javacpp") MB"

cd "$root"
JRELEASER_GITHUB_TOKEN=none ./mvnw -q -B --no-transfer-progress -Prelease -pl . jreleaser:package -Djreleaser.dry.run \
  -Djreleaser.select.current.platform
grep -q "$(sha256sum "$archive" | cut -d ' ' -f 1)" target/jreleaser/package/cogent/brew/Formula/cogent.rb ||
  fail "Homebrew's formula does not name the archive"
