"""The Recipes page's parts."""
