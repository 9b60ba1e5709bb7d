"""What a policy is made of, whatever it was written in: places, readings, amendments, and which passage was which."""
