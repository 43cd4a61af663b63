"""Queries of a vault, from the command line, in pages and in views."""
