"""The rules of `graphkit check`: one module a family, each rule reading one page; `rules` is the table of all."""
