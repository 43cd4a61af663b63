"""Facts and outputs cached between commands, in the user's cache folder; all of it can be rebuilt."""
