"""A counted tree comes in, the policy as an edition shows it goes out; and all policies of a council, tied together.

The leak gate's list of secrets is made here as well, by code that shares nothing with what takes them out: secrets,
second_reading and bare_words.
"""
