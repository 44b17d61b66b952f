"""What services over HTTPS are asked, and what their answers show, sans-I/O: one file a service."""
