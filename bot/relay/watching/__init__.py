"""The watch over every reason why a place hears nothing: see `watch`."""
