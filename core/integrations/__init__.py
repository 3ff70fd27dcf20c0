"""Other programs' interfaces over this one's HTTP routes; each needs its own package, not installed here."""
