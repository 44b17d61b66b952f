"""Twins in memory of the net room."""
