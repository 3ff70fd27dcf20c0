"""`python -m core`: the command line, in an environment in which waiting threads spin only briefly.

How long OpenMP's threads spin before they sleep, at the end of each parallel step: a pass is some ten
thousand such steps. A thread that spins through its time slice keeps the processor from the one it waits for:
beside one busy program int8 became up to eight times slower. Sleeping at once costs up to half on a free
machine. A thousand turns cost 7 % there and keep most of the gain (benchmarks/LOG.md, entry 10). Read by GNU
OpenMP when torch is first imported; other OpenMP libraries ignore it.
"""

import os
import sys
from collections.abc import MutableMapping

from core.cli import main

SPINS = "1000"


def spin_briefly(environ: MutableMapping[str, str]) -> None:
    """Set it, unless the environment says how threads are to wait. Call before torch is imported."""
    if "OMP_WAIT_POLICY" not in environ:
        environ.setdefault("GOMP_SPINCOUNT", SPINS)


if __name__ == "__main__":
    # Handed on to the server, which is started from here.
    spin_briefly(os.environ)
    sys.exit(main())
