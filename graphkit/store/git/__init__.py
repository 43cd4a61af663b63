"""Reading a git repository with git itself, which runs nothing that the repository names."""
