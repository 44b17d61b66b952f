"""What is wrong with a published document: one module for each format, with a ``LINTER``."""
