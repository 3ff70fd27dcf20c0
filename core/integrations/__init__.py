"""Other programs' interfaces over this one's HTTP routes; each needs its own package, none is installed here."""
