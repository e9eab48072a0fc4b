"""Who may do what: keys with scopes, and the answers kept for repeated requests."""
