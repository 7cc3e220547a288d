"""The rows of the autodiagnostic in depth: viewpoints, agreement, threads, surveys, evidence, reviews."""

# fmt: off
DEPTH_TABLE = """
#                               anon refe cont boar lega faci regi nati edit part laps neig stra sfac
"""
# fmt: on
