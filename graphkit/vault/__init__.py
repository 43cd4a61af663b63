"""The rules of a vault: its configuration, its layout, and the names of its pages. Opens no file."""
