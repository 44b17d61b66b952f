"""A copy of the provider database on this machine: read from a folder or a pack, kept as files."""
