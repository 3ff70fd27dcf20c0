"""The real packages of other makers against a live server, each group in an environment of its own.

`python -m tests.clients.run` makes the environments, starts the server and runs `client_*.py` in them; pytest
does not collect these files by itself, since their packages are not in the project's environment.
"""
