"""Two revisions of the policies come in; what was done from one to the other, told in clauses, goes out."""
