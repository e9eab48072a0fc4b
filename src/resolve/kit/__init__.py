"""What every package stands on: time, database, errors, settings, ids, language."""
