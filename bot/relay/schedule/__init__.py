"""What is sent later, with others, or not: digests, quiet hours, bursts, limits, what was missed."""
