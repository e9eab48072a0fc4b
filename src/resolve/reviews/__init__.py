"""Joint reviews: the departments of a case looking together."""
