"""Instructions: built-in ones, the user's library, how one reaches a model, and evidence for it."""
