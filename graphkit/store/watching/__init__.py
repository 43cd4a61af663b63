"""Events that say which files of a vault changed."""
