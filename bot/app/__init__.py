"""The composition root: parts are made here and handed what they need, nowhere else."""
