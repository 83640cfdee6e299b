"""A chat on the team's own site: whose turn it is, when it ends, what its visitor sees; may import patterns, privacy,
mail, deadlines, ticket, text, settings, statistics, errors."""
