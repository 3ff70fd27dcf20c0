"""Int8 only where it ranks like fp32.

probe     the texts it is tried on          watching   what every product's inputs look like
judging   quantise, compare, decide         repair     which matrices stay exact where int8 ranks differently
"""

from core.engine.guard.judging import LARGEST_SHIFT, Guarded, GuardReport, compare, quantise_guarded
from core.engine.guard.probe import CALIBRATION, JUDGED, Probe, probe_of

__all__ = [
    "CALIBRATION",
    "JUDGED",
    "LARGEST_SHIFT",
    "GuardReport",
    "Guarded",
    "Probe",
    "compare",
    "probe_of",
    "quantise_guarded",
]
