"""The past of work: completions, scope and pace over time, and what follows from them. No git, no files, no clock."""
