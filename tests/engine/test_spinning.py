"""The environment's own choice of how threads wait is left alone."""

from core.engine.spinning import SPINS, spin_briefly


def test_threads_spin_briefly() -> None:
    environ: dict[str, str] = {}
    spin_briefly(environ)
    assert environ == {"GOMP_SPINCOUNT": SPINS}


def test_what_the_user_set_stays() -> None:
    for environ in ({"OMP_WAIT_POLICY": "ACTIVE"}, {"GOMP_SPINCOUNT": "5"}):
        before = dict(environ)
        spin_briefly(environ)
        assert environ == before
