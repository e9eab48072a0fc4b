"""The outbox: what must happen next, put where the fact itself is committed."""
