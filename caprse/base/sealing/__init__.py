"""The seal of the platform on a PDF: PAdES B-LTA, one certification that allows no change, checked before it leaves.

The seal is that of the platform; it is never the signature of a person. Source: eIDAS regulation, articles 35 and 36.
`keys` finds the key, `stamps` the timestamps, `seals` makes a seal, `checks` reads one, offline.
"""
