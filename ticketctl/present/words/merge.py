"""What `merge` says."""

from __future__ import annotations

from ticketctl.content.terminal import line as safe_line
from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.results import Done
from ticketctl.usecases.tickets.merge import Merged

TEXTS: Texts = {
    "en": {
        "merged_1": "#{number} merged into #{target} (1 message)",
        "merged": "#{number} merged into #{target} ({count} messages)",
        "brought": "{what} came along",
        "left_behind": "left behind: {what}",
        "of_somebody_else": "{requester} is answered in a mail of their own",
        "what_where": "say what goes where, as in `ticketctl merge 18 --into 17`; `ticketctl merge --suggest` looks",
        "only_lists": "--suggest only lists; it does not go with --into",
        "no_duplicates": "No likely duplicates.",
        "look_first": "Nothing is merged. Look first, then for instance `ticketctl merge {merge} --into {into}`",
    },
}


def line(done: Done[Merged], language: str) -> str:
    say = say_in(language, TEXTS)
    merged, count = done.value, len(done.value.source.messages)
    said = [say("merged_1" if count == 1 else "merged", number=done.number, target=merged.after.number, count=count)]
    if merged.brought:
        said.append(say("brought", what=safe_line(", ".join(merged.brought))))
    if merged.left_behind:
        said.append(say("left_behind", what=safe_line(", ".join(merged.left_behind))))
    if merged.of_somebody_else:
        said.append(say("of_somebody_else", requester=safe_line(str(merged.source.requester))))
    return "; ".join(said)
