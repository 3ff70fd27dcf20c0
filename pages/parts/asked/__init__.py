"""What a user asks: the query with its documents, and the instruction."""
