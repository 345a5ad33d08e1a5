"""What actors say to each other, by area, and all that the bot and the web may ask of a tenant.

Orders and questions are `Request`s, so the type of the answer follows from the message. Facts are
plain values. Nothing here holds a screen or a sentence: the bot finds the words.
"""
