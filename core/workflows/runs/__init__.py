"""All runs beside one another: how each came out, and several of them compared."""
