"""`python -m core`: the command line."""

import os
import sys

from core.cli import main

if __name__ == "__main__":
    # Read by OpenMP when torch is first imported, and handed on to the server: threads that wait by spinning
    # keep the processor from the one they wait for. Beside one busy program int8 took four times as long
    # (benchmarks/LOG.md).
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    sys.exit(main())
