"""One forward pass for encoders of BERT's shape: whole texts see themselves, end to end and unpadded."""
