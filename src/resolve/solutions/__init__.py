"""Solutions: agreed changes with an owner, in place or given up."""
