"""A full Document comes in, that of an edition goes out; and all policies of a council, tied together.

The leak gate's list of secrets is made here as well, by code that shares nothing with what takes them out: secrets,
second_list, second_reading and bare_words.
"""
