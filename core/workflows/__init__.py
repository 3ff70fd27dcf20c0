"""The use cases: they join models, sheets, evaluation and jobs; pages, API and command line call them."""
