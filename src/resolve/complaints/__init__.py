"""Complaints: the customer's side - filed, answered, closed."""
