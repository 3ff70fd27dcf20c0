"""Document care as a step before scoring: cleaning and chunks on one side, folding scores on the other."""
