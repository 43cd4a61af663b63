"""Use cases that write into a vault."""
