"""Long work on a page: starting it, watching it, stopping it."""
