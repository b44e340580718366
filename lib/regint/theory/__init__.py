"""Tables of theory and context, codings of options, and nestedness."""
