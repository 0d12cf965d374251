#!/usr/bin/env bash
# Whether the release is the same bytes wherever it is built: two copies of the checkout, every published file compared.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for copy in one two/deeper; do
  mkdir -p "$work/$copy"
  git archive HEAD | tar -x -C "$work/$copy"
  (cd "$work/$copy" && ./mvnw -q -B --no-transfer-progress -Prelease -Dmaven.test.skip -Djacoco.skip -Dspotless.check.skip \
    "-DaltDeploymentRepository=staging::file:$work/$copy/staging" deploy)
  # the metadata files say when something was deployed
  (cd "$work/$copy/staging" && find . -type f ! -name 'maven-metadata.xml*' | sort | xargs sha256sum) >"$work/${copy%%/*}.sha256"
done
diff "$work/one.sha256" "$work/two.sha256" >&2 || { echo "not reproducible: the files above differ" >&2; exit 1; }
echo "the same bytes: $(wc -l <"$work/one.sha256") files"
