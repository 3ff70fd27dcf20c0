#!/usr/bin/env bash
# Installs like start.sh plus the test tools, then runs linters and the whole default suite.
#   bash build/test.sh               everything but the browser tests
#   bash build/test.sh --clients     then also the rerank clients of other makers, in environments of their own
#   bash build/test.sh --ray         then also batches on Ray, in an environment of their own (.venv-ray)
#   bash build/test.sh --browser     also installs Debian's chromium and a CJK font (as root) and drives the page
# Further arguments go to pytest.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

browser=false
clients=false
ray=false
arguments=()
for argument in "$@"; do
  case "$argument" in
    --browser) browser=true ;;
    --clients) clients=true ;;
    --ray) ray=true ;;
    *) arguments+=("$argument") ;;
  esac
done

install_browser() {
  if command -v chromium >/dev/null 2>&1 && fc-list 2>/dev/null | grep -qi wqy; then return 0; fi
  if ! command -v apt-get >/dev/null 2>&1 || [ "$(id -u)" -ne 0 ]; then
    echo "chromium and fonts-wqy-microhei are missing, and this is not root on Debian." >&2
    return 1
  fi
  apt-get update -qq || return 1
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    chromium fonts-wqy-microhei fontconfig >/dev/null
}

ensure_venv requirements.txt requirements-dev.txt
cd "$PROJECT"
"$VENV_PYTHON" -m ruff check .
"$VENV_PYTHON" -m ruff format --check .
"$VENV_PYTHON" -m mypy
marks="not browser and not slow and not ray"
if $browser; then
  if install_browser; then marks="not slow and not ray"; else echo "The browser tests are left out: no chromium." >&2; fi
fi
"$VENV_PYTHON" -m pytest -m "$marks" ${arguments[@]+"${arguments[@]}"}
if $clients; then "$VENV_PYTHON" -m tests.clients.run; fi
if $ray; then
  # Ray first, then what the program runs with: torch is not installed twice.
  "$VENV_PYTHON" -m uv venv --quiet --allow-existing --python "$VENV_PYTHON" .venv-ray
  "$VENV_PYTHON" -m uv pip install --quiet --python .venv-ray/bin/python -r requirements-ray.txt
  "$VENV_PYTHON" -c 'import sysconfig; print(sysconfig.get_path("purelib"))' \
    >"$(.venv-ray/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/program.pth"
  .venv-ray/bin/python -m pytest -m ray -p no:cacheprovider tests/workflows/scale
fi
