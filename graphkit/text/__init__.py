"""Text of a page: bytes to characters and back, places in it."""
