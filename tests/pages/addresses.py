"""Every page there is, and what it is looked at with."""
