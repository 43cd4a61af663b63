"""Numbers, units, amounts, ranges and dates in words: text in, values out. Nothing here is Logseq's."""
