"""From frames to what a reader sees; the only room that rounds, escapes and writes percent signs."""
