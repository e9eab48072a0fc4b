"""Files that came with a complaint, stored once by content."""
