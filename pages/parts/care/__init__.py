"""Document care on a page: its settings, its preview, its words, marked texts."""
