"""The settings of an installation and, under `editions/`, everything that makes one edition differ from another."""
