"""Answers from passages by a language model at an OpenAI-compatible address; citations are checked."""
