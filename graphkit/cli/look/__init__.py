"""Commands that show where things stand, and their screens."""
