"""One module per command: it adds its arguments to the parser and runs a use case from `core.workflows`.

A command prints its result and returns an exit code; errors are translated once, in `core.cli`.
"""
