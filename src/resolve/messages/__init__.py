"""Messages to departments and people: a list here, and mail in a folder."""
