"""Conventions: templates, clauses by role, signature. Its first models come with the convention itself."""
