"""Measurements, outside continuous integration: `make bench`."""
