"""Facts and outputs kept from one command to the next, in the user's cache folder; all of it can be made again."""
