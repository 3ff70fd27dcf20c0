"""What the triage names on regressions in words of our own: rarely nothing, rarely anything wrong."""

from tests.evaluation.triage.labelled_regressions import labelled_regressions, named


def test_most_regressions_get_a_cause_and_hardly_any_a_wrong_one() -> None:
    cases = labelled_regressions()
    found = [(case, named(case)) for case in cases]
    unexplained = sum(not keys for _, keys in found)
    right = sum(len(keys & case.acceptable) for case, keys in found)
    every = sum(len(keys) for _, keys in found)
    assert unexplained / len(cases) < 0.25
    assert right / every >= 0.85
