"""One query and its documents: checked, scored, ordered, explained, exported."""
