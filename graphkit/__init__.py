"""graphkit: the experiment tracker that lives inside a team's Logseq graph."""

__version__ = "0.1.0"
