"""One command a file, click only: parses the command line, calls a use case, prints its result; may import demo,
terminal, web, present, usecases, content, ports, domain, errors."""
