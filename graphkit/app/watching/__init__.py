"""Keeping a vault current in one process, and rolling it up on save."""
