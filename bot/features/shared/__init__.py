"""What several groups share: accounts that act, proposing, numbers, zones, channels, monitors."""
