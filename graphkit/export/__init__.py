"""Formats in which a vault leaves graphkit: one module a format."""
