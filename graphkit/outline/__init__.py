"""One page's outline as Logseq reads it: blocks, bodies, properties, inline references."""
