"""Conversations with mail servers, sans-I/O: bytes in, bytes out, no socket and no clock."""
