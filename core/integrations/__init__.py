"""This program inside other frameworks; each needs its own package, which is not installed here.

`ranking` asks for scores, in this process or over HTTP, and knows no framework; the others translate it to
one each.
"""
