"""The rules of the process, pure: no clock, no files, no network."""
