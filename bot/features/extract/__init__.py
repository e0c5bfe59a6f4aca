"""Extractions: collecting many people or tweets, as a job at Xquik."""
