"""Commands that set up a vault, a repository or a shell."""
