"""What was: the versions that are kept in policy_src/archive/, the policies at a revision in Git, and their dates."""
