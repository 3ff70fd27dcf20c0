"""What is done to texts before they are scored: cleaning, chunking, rewriting. It knows no models."""
