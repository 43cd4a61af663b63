"""The report: a vault's records as HTML pages with charts; `app` computes, this room words and draws."""
