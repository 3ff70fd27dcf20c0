"""Batches that are larger than one machine: whole queries in files, read and written by many processes.

    places    files, folders, globs and object storage in; a folder out
    folding   a file of pairs or of queries → queries with all their candidates, as a stream
    parts     whole queries in portions whose names follow from the input alone; one scored file each
    runs      what a run was asked, what a finished one holds, which ids are missing
    here      the parts of a run, or a share of them, one after the other in this process
    on_ray    the same parts on Ray Data's workers

A part is written once, whole, under its own name: whoever dies loses what was in its hands, and whoever
comes after passes over what is there. Nothing here knows spreadsheets; those go through `batch`.
"""
