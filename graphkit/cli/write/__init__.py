"""Commands that write into a vault, and their screens."""
