"""HTTP: translates requests into acts and reads of the library, and nothing else."""
