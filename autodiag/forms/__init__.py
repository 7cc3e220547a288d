"""Forms of this app, by subject."""

LONG_TEXT = 10_000
MANY = 2**31 - 1
