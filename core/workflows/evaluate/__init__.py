"""Did it help: labelled sheets and runs of other tools, from reading to verdict and report."""
