"""From frames to what a reader sees; the only room that rounds, escapes and writes percent signs."""

from regint.display import answers, figures, prose, tables

__all__ = ["answers", "figures", "prose", "tables"]
