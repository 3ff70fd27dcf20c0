"""How threads wait: set before torch is imported, unless the environment says otherwise."""

import subprocess
import sys

from core.__main__ import SPINS, spin_briefly


def test_threads_spin_briefly() -> None:
    environ: dict[str, str] = {}
    spin_briefly(environ)
    assert environ == {"GOMP_SPINCOUNT": SPINS}


def test_what_the_user_set_stays() -> None:
    for environ in ({"OMP_WAIT_POLICY": "ACTIVE"}, {"GOMP_SPINCOUNT": "5"}):
        before = dict(environ)
        spin_briefly(environ)
        assert environ == before


def test_it_is_set_while_torch_is_not_yet_imported() -> None:
    program = "import sys, core.__main__; print('torch' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert ran.stdout.strip() == "False", ran.stderr
