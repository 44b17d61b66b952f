"""Looks at web services, without any wire."""
