"""The Sandbox page's parts."""
