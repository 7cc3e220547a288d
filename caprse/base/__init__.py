"""Mechanism that every floor stands on. Imports Django only; knows no model of the floors above."""
