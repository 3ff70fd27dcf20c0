"""Other wordings of a query: by rules that say why, by a glossary, or proposed by a model and guarded."""
