"""Documents and records that others publish, as our values and back. Pure: bytes in, values out."""
