"""Standards of hand-overs: what one department passes to the next, agreed by both."""
