"""The text in which Logseq saves a page."""
