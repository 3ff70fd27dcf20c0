"""What `corpus` prints, and how its vectors are made: the parts of one command."""
