"""The Evaluate page's parts."""
