"""What a query points to outside itself: references, the candidates a context names, and the choice."""
