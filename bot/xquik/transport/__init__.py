"""HTTP to Xquik, retries, and what an answer came to."""
