#!/usr/bin/env bash
# Prove the Dockerfile's steps without Docker: the same installation in an empty folder, then everything the image does, as
# an unprivileged user with nothing writable but its data folder. Run as root from the top of the project.
set -euo pipefail
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-python3}
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
chmod 755 "$place"

echo "== install as the Dockerfile does"
mkdir "$place/src"
git archive HEAD requirements/build.txt requirements/run.txt pyproject.toml README.md LICENSE LICENSE-FACTS bot dialogs locales |
  tar -x -C "$place/src"
"$PYTHON" -m venv --copies "$place/optout"
pip() { "$place/optout/bin/python" -m pip install -qq --disable-pip-version-check "$@"; }
(cd "$place/src" && pip --require-hashes -r requirements/build.txt)
(cd "$place/src" && pip --require-hashes --no-build-isolation -r requirements/run.txt)
(cd "$place/src" && pip --no-deps --no-build-isolation .)
rm -rf "$place/src"
chmod -R a+rX "$place"

echo "== as an unprivileged user"
install -d -m 0700 -o 65534 -g 65534 "$place/data"
as_nobody() {
  (cd / && setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs --bounding-set=-all \
    env -i PATH="$place/optout/bin:/usr/bin:/bin" PYTHONDONTWRITEBYTECODE=1 OPTOUT_DATA_DIR="$place/data" "$@")
}
as_nobody optout-bot --version
as_nobody optout-bot check >/dev/null
printf 'Germany\n1\n' | as_nobody optout-bot chat --plain --lang en | grep -q 'you can say no'
printf 'Germany\n' | as_nobody optout-bot chat --plain --lang en --db "$place/data/talk.db" >/dev/null
[ "$(stat -c %a "$place/data/talk.db.key")" = 600 ]
status=0
as_nobody OPTOUT_TELEGRAM__TOKEN=wrong optout-bot run 2>"$place/said" || status=$?
[ "$status" = 78 ] || { echo "a wrong token ended with $status, not 78" >&2; exit 1; }
if as_nobody touch "$place/optout/x" 2>/dev/null; then echo "the installation is writable" >&2; exit 1; fi
echo "== all steps held"
