"""`python -m core`: the command line."""

import os
import sys

from core.cli import main
from core.engine.spinning import spin_briefly

if __name__ == "__main__":
    # Handed on to the server, which is started from here.
    spin_briefly(os.environ)
    sys.exit(main())
