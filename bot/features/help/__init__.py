"""`help`, what words mean, and what a link alone offers."""
