"""The use cases: they join models, sheets, evaluation and jobs, and are what pages, API and command line call."""
