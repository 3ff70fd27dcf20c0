"""Did it help, and is it real: measures, comparison statistics, triage, thresholds, judgements."""
