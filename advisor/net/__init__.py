"""The only room with sockets and clocks. Everything above works against the seams in ``_seams``."""
