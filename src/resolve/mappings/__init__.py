"""Somebody's tables: how they are written, and the records in them."""
