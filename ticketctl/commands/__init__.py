"""One verb a file, click only: parse the command line, call a use case, print its result."""
