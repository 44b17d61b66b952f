"""What we know, loaded from ``rules/``: checked once, cached, laid over by the operator's own."""
