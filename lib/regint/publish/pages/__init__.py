"""What a page is made of: Markdown, formulas, citations, code, outputs, displays, layout."""
