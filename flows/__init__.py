"""What happens, in order: each flow reads as its process reads in `docs/process.md`."""
