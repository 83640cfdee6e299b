"""Mail and files written anew with every text in them changed, as masking on arrival needs it."""
