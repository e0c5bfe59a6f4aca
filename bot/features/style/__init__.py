"""How somebody writes."""
