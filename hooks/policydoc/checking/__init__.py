"""All that can be known to be wrong, or suspicious, without building."""
