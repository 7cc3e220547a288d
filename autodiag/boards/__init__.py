"""Where structures stand, chapter by chapter: rows for the pages. Pure: the querysets come from the doors."""
