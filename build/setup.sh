# Sourced by start.sh and test.sh: makes .venv in the project folder and installs requirements when they changed.
# Usage: ensure_venv requirements.txt [requirements-dev.txt]; leaves $VENV_PYTHON.

PROJECT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
VENV="$PROJECT/.venv"
VENV_PYTHON="$VENV/bin/python"

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11 python; do
    [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 || continue
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  {
    echo "Python 3.11 or newer is needed, and none was found."
    if command -v python3 >/dev/null 2>&1; then echo "python3 here is $(python3 --version 2>&1)."; fi
    echo "Install one (https://www.python.org/downloads/), or name it: PYTHON=/path/to/python3.12 bash build/start.sh"
  } >&2
  return 1
}

ensure_venv() {
  local python stamp wanted file arguments=()
  if [ ! -x "$VENV_PYTHON" ] || ! "$VENV_PYTHON" -c '' 2>/dev/null; then
    python="$(find_python)" || return 1
    echo "Making .venv with $("$python" --version) …"
    if ! "$python" -m venv --clear "$VENV"; then
      echo "The virtual environment could not be made. On Debian or Ubuntu: sudo apt install python3-venv" >&2
      return 1
    fi
  fi
  for file in "$@"; do arguments+=(-r "$PROJECT/$file"); done
  # The stamp is what was installed; equal content means nothing to do, and a second start is quick.
  wanted="$(cd "$PROJECT" && cat "$@" | cksum)"
  stamp="$VENV/installed-$(echo "$*" | tr -c 'a-z\n' '-')"
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then return 0; fi
  echo "Installing requirements (a few minutes the first time) …"
  if ! "$VENV_PYTHON" -m pip install --quiet --disable-pip-version-check "${arguments[@]}"; then
    echo "Installing failed; the lines above say why. Without internet, point pip at a local mirror (PIP_INDEX_URL)." >&2
    return 1
  fi
  echo "$wanted" > "$stamp"
}
