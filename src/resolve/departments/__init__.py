"""The register of departments and partners, who heads them, and their calendars."""
