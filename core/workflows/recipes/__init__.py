"""Recipes in use: finding one, holding it against the model that is there, and what it makes of a query."""
