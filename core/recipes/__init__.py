"""Recipes: named, versioned settings of a reranking with the evidence for them, kept as readable files.

What a recipe does to a query is the workflows' affair; here it is data.
"""
