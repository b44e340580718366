"""Notebooks become executed notebooks, and those become pages; nothing here knows of surveys."""
