"""A length of time as people say it."""

from pages.parts.frame.language import t


def duration(seconds: float) -> str:
    """Rounded to what matters: seconds, then minutes, then hours and minutes."""
    if seconds < 90:
        return t("{seconds} s", seconds=max(1, round(seconds)))
    minutes = round(seconds / 60)
    if minutes < 90:
        return t("{minutes} min", minutes=minutes)
    return t("{hours} h {minutes} min", hours=minutes // 60, minutes=minutes % 60)
