"""When a step of one order really began and ended."""
