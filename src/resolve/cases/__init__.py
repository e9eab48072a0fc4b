"""Cases: our handling of one or more complaints with the same cause."""
