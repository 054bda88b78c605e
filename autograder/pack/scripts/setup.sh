#!/usr/bin/env bash
# Runs once as root, when Gradescope builds the image; nothing is downloaded.  Whatever goes wrong here has to fail the
# build, so that it is seen before a student hands in.
set -euo pipefail
umask 022
trap 'echo "setup.sh failed in line $LINENO: the image must not be used." >&2' ERR
A="${AUTOGRADER_ROOT:-/autograder}"
VENV="${GRADER_VENV:-/opt/grader}"

# the Python that the wheels are for; the system's python3 stays as it is
PYTHON="$(command -v python@PYTHON@ || command -v python3)"
FOUND="$("$PYTHON" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
if [ "$FOUND" != "@PYTHON@" ]; then
  echo "This zip is packed for Python @PYTHON@, but the image has $FOUND. Pack it with: autograder pack @NAME@ --python $FOUND" >&2
  exit 1
fi

# student code runs as this user
id -u student >/dev/null 2>&1 || useradd --system --no-create-home --shell /usr/sbin/nologin --uid 61183 student

"$PYTHON" -m venv --without-pip "$VENV"
PIP="$(echo "$A"/source/wheels/pip-*.whl)/pip" # pip itself comes from the wheels
"$VENV/bin/python" "$PIP" install -q --no-index --no-deps --find-links "$A/source/wheels" \
  -r "$A/source/requirements.lock"
"$VENV/bin/python" -m compileall -q "$A/source/package" "$A/source/solutions"

# what wrong answers are looked up in, once for all submissions; it holds the key in disguise
export PYTHONPATH="$A/source/package" XDG_CACHE_HOME="$A/source/cache"
"$VENV/bin/python" -m autograder.pack.ahead "$A/source/grader.toml" @NAME@
chmod -R go-rwx "$A/source" # the key, the grader, the settings

# the key loads, and an empty submission is graded
TRIAL="$(mktemp -d)"
: >"$TRIAL/empty.py"
"$VENV/bin/python" -m autograder grade "$TRIAL/empty.py" -a @NAME@ --config "$A/source/grader.toml" \
  --results "$TRIAL/results.json" >/dev/null
grep -q '"state": "complete"' "$TRIAL/results.json"
rm -r "$TRIAL"
"$VENV/bin/python" -m autograder doctor
