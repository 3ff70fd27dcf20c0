"""A whole spreadsheet reranked as a job: input, plan, results, export, and comparing two runs."""
