"""Spreadsheets in and out: reading what a user uploads, finding out what it means, writing results.

Start with `importing` (files to query–document pairs), `documents` (a plain list of documents),
`workbook` and `exports` (tables to files). Nothing here knows a model, a job or a page.
"""
