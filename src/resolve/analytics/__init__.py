"""READ: what interfaces show of one thing, and pages of many. Changes nothing."""
