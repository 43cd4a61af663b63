"""Use cases that read a vault and report on it."""
