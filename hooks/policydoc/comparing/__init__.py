"""Two revisions of the policies, and what was done from one to the other, told in clauses."""
