"""All policies come in, all that is wrong or suspicious goes out, without building."""
