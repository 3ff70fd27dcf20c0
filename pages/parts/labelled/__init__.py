"""What pages on labelled data share: words, charts of measures, two orders beside each other."""
