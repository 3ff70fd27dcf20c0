"""An uploaded table: its preview, and what its columns mean."""
