"""Word documents: opened safely, recognised, read, cut into segments, given a new front."""
