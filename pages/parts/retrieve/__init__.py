"""The Retrieve page's parts."""
