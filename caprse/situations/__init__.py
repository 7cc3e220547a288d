"""Where somebody stands when nothing is asked of them: moments of a path, of a cohort, of the rest; then their reading."""
