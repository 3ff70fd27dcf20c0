"""A job's progress on a terminal's last line, or now and then as a line of its own where there is none."""

import sys
from typing import TextIO

from core.jobs import Progress

WIDTH = 30
# Without a terminal (a log file), a line at every tenth is enough.
STEPS = 10


class ProgressLine:
    """Shows progress on stderr; `finish` leaves the terminal on a fresh line."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._terminal = self._stream.isatty()
        self._step = -1
        self._drawn = False

    def show(self, progress: Progress) -> None:
        """Draw where the job stands now."""
        job = progress.job
        share = job.done / job.pairs
        if self._terminal:
            filled = "█" * round(share * WIDTH)
            print(f"\r{filled:░<{WIDTH}} {_words(progress)}\x1b[K", end="", file=self._stream, flush=True)
            self._drawn = True
        elif int(share * STEPS) > self._step:
            self._step = int(share * STEPS)
            print(_words(progress), file=self._stream, flush=True)

    def finish(self) -> None:
        """End the line."""
        if self._drawn:
            print(file=self._stream)
            self._drawn = False


def _words(progress: Progress) -> str:
    job = progress.job
    parts = [f"{job.done:,} of {job.pairs:,} pairs"]
    if progress.pairs_per_second:
        parts.append(f"{progress.pairs_per_second:,.1f}/s")
    if progress.seconds_left is not None and job.done < job.pairs:
        parts.append(f"{duration(progress.seconds_left)} left")
    if progress.stage in ("loading", "looking up"):
        parts.append(progress.stage)
    return " · ".join(parts)


def duration(seconds: float) -> str:
    """«45 s», «3 min», «2 h 05 min»."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02} min"
