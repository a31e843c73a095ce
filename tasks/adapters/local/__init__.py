"""Files on this machine: the store of documents by hash, their readable names, the inbox."""
