"""Other programs' interfaces over this one's HTTP routes, each with a package of its own that is not installed here."""
