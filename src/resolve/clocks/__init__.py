"""Time that people agreed on: calendars (pure) and deadlines with their events."""
