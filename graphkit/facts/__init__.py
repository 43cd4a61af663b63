"""Small typed facts read from one page, and the catalog that answers questions over all of them."""
