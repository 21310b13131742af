"""Working calendars of an app: written hours and days, statutory holidays of countries, and the calendar they make together."""
