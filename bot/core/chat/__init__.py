"""What every platform draws and sends: cards, actions, answers, invocations, ids. Pure."""
