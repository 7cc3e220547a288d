"""Measures of this product beside bare views in the same run. Never part of the tests."""
