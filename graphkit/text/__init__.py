"""Text of a page: bytes to characters and back, places in it. Knows nothing of Logseq."""
