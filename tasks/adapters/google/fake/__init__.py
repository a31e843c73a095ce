"""A made-up Google Workspace for rehearsals and tests, which remembers what was done to it while its process lives."""
