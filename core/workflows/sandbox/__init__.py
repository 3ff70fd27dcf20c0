"""Several instructions side by side: on one query, on a labelled sheet, and how far wording matters."""
