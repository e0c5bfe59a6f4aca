"""What can be asked of Xquik, except for writes on X."""
