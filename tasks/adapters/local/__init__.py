"""On this machine: the store of documents by hash, the inbox, and the local backend of delivery."""
