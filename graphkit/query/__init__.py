"""Logseq's two query languages, answered from tables: `{{query …}}` and `#+BEGIN_QUERY`."""
