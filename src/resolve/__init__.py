"""Resolve: complaints that no single department can put right alone.

Read `chain` first (what a value chain is), then `handling` (what happens to a
complaint), then the packages of the concepts between them.
"""
