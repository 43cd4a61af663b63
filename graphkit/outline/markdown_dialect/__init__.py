"""Pages of Obsidian and plain Markdown vaults, read into the same outline."""
