"""The Connect page's parts."""
