"""Tasks: one solution-focused question to each department on the way."""
