"""Two looks: the beginning of every document, then the rest of those that could still reach the top.

choosing   which documents go on          reading   the passes over one query
scorer     a scorer that looks twice
"""
