"""The Rewrite page's parts."""
