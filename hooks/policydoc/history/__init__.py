"""What was: the versions that are kept in policy_src/archive/, and the policies at a revision in Git."""
