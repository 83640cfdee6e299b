"""What is written to people and kept: snippets, reports, mail in HTML, notes, and the words for them."""
