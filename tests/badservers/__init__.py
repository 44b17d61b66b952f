"""A lab of bad servers: each case is one good server with something wrong in it."""
