"""Groups of tickets about the same thing, and the likeness of texts; may import privacy, mail, deadlines, ticket, text,
settings, statistics, errors.

To use from elsewhere:

    words.py        `stems_of(text, language)`: the telling words of a text as stems; `surfaces(text, language)`: stem →
                    word as written; `STEMS` says whether Snowball is installed.
    ticket_text.py  `question(ticket)`: subject and first question; `belongs`, `language`, `people`.
    likeness.py     `features(stems)`, `Rarity` (how much a stem tells), `weighted`, `cosine`; `Disguise` for what is
                    stored.
    grouping.py     `Grouping.learn(documents)`: each joins the nearest group or begins one. Nobody moves afterwards.
    pattern.py      what is stored: `Pattern` (a number for life, its tickets), `Vocabulary`.
    naming.py       three telling words of a group.
    weeks.py        ISO weeks; `trends`: whether the share of patterns has changed.

The living patterns with their tickets per week come from `usecases/patterns/view.py`: `living(session)`.
"""
