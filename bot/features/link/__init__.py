"""Short links of X, and tweets for websites."""
