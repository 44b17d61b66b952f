"""Is it true? Endpoints are looked at live, each once, within limits."""
