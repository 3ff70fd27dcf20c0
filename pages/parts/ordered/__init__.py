"""Charts of one order before and after."""
