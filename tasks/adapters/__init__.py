"""The outside world: Word files, the ledger, services and the local folders."""
