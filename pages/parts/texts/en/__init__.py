"""English. Its sentences are the keys, so that there is nothing to translate."""

NAME = "English"
