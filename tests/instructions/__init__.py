"""Instructions: every client, every kind of settings, both languages, and hostile words."""
