"""What becomes part of a ticket or a mail: snippets, reports, notes, mail in HTML, and the words for them; may
import ports, domain, errors."""
