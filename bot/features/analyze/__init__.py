"""What posts say, judged by an AI."""
