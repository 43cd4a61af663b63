"""Commands that show the state of a vault, and their screens."""
