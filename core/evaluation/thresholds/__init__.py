"""Where scores are cut: what every cut keeps, and which one to recommend, if any."""
