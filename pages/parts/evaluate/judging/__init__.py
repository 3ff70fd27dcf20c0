"""Labels where they are missing: by hand, by a model, and how far the two agree."""
