"""The work: thin Prefect tasks over a pure domain and the adapters to the outside world."""
