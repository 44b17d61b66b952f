"""The kinds of knowledge: one module each, with the shape of its files as its ``KIND``."""
