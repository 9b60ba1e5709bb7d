"""The text of a policy comes in, another text goes out: amendments found, accepted, rejected, written."""
