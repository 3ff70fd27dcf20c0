"""One way to a language model at an OpenAI-compatible address: where it is, what it answers, how it fails."""
