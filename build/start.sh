#!/usr/bin/env bash
# Starts the workbench on http://localhost:8080, installing what it needs first.
#   bash build/start.sh                  install if needed, then serve
#   bash build/start.sh --setup-only     install and stop
#   PORT=9000 bash build/start.sh        another port; HOST, RERANK_HOME, RERANK_MODEL likewise (README)
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

setup_only=false
for argument in "$@"; do
  case "$argument" in
    --setup-only) setup_only=true ;;
    -h|--help) sed -n '2,5s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) echo "Unknown option $argument; see --help." >&2; exit 2 ;;
  esac
done

ensure_venv requirements.txt
if $setup_only; then
  echo "Everything is installed. Start with: bash build/start.sh"
  exit 0
fi
cd "$PROJECT"
exec "$VENV_PYTHON" -m core serve
