"""What the shell says of an error: its sentence, and the command or option that is the next step.

An error's own sentence is the English one. `SENTENCES` has the others, by the error's code: an error without one there
is said in English from beginning to end, so that no line is mixed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ticketctl.errors import Meant, NextStep, Reasons, StoreFailed, TicketctlError
from ticketctl.present.words import Texts
from ticketctl.usecases.results import Objected

# By the code of an error: the options that take it out of the way.
TEXTS: Texts = {
    "en": {
        "several_periods": ": give one of --day, --week, --month, --quarter, --year and --from … --to",
        "no_first_day": ": `--from DAY` names it",
        "no_desk_here": "; `ticketctl init` makes one, `--desk FOLDER` names one",
        "untrusted_desk": "; if you trust what its rules.yaml runs: `--desk {folder}`",
        "unknown_login": ", or use --as AGENT",
        "reason_missing": ": `--reason TEXT`",
        "unmask_without_reason": ": `--reason TEXT`",
        "away": " (use --anyway to assign all the same)",
        "away_with_deputy": " (use --anyway to assign all the same)",
    },
    "sv": {
        "several_periods": ": ange en av --day, --week, --month, --quarter, --year och --from … --to",
        "no_first_day": ": `--from DAG` anger den",
        "no_desk_here": "; `ticketctl init` skapar en, `--desk MAPP` anger en",
        "untrusted_desk": "; om du litar på det som dess rules.yaml kör: `--desk {folder}`",
        "unknown_login": ", eller ange --as HANDLÄGGARE",
        "unmask_without_reason": ": `--reason TEXT`",
        "reason_missing": ": `--reason TEXT`",
        "away": " (--anyway tilldelar ändå)",
        "away_with_deputy": " (--anyway tilldelar ändå)",
    },
}
SENTENCES: Texts = {  # language → code → the error's sentence
    "sv": {
        "no_passwords": "lösenord behöver tillägget [web]",
        "no_html": "#{number} {message} har ingen HTML",
        # who may log in to the pages
        "is_user": "{name} kan redan logga in",
        "no_user": "{name} kan inte logga in: det finns inget lösenord",
        "wrong_old_password": "det är inte ditt hittillsvarande lösenord",
        "wrong_password": "det är inte ditt lösenord",
        "wrong_code": "det är inte koden som appen visar nu",
        "password_length": "ett lösenord har {least} till {most} tecken; några ord som ingen annan sätter ihop är bra",
        "easy_guess": "det lösenordet är lätt att gissa; ta några ord som inte hör ihop",
        "wrong_login": "det stämmer inte: namn, lösenord eller kod",
        "login_took_long": "inloggningen tog för lång tid; börja om",
        "too_many_guesses": "för många försök; försök igen om {seconds} s",
        "no_session": "{name} har ingen inloggning {id}",
        "view_name": "en vy har ett namn på 1 till {most} tecken",
        "many_views": "det finns {most} vyer; ta bort en först",
        # tickets
        "ticket_renumbered": "#{number} är numret på ett importerat ärende där det kom ifrån; här är det #{now}",
        "no_ticket": "det finns inget ärende #{number}",
        "ticket_gone": "#{number} är borta",
        "no_pattern": "det finns inget mönster P{number}",
        "name_taken": "P{other} heter redan så",
        "long_name": "ett namn har högst {most} tecken",
        "not_two_patterns": "nämn minst två mönster, vart och ett en gång",
        "not_in_pattern": "#{number} ingår inte i P{id}",
        "no_parts": "P{id} delas inte: ingen del av det med minst {least} ärenden är mer lik inbördes än resten",
        "no_message": "#{number} har inget meddelande {key}",
        "closed": "#{number} är stängt",
        "already_closed": "#{number} är redan stängt; orsak och lärdom kan läggas till",
        "already_closed_since": "#{number} är redan stängt (sedan {closed_at:%Y-%m-%d %H:%M} UTC)",
        "already_merged_away": "#{number} är redan stängt; det slogs ihop med #{target}",
        "not_closed": "#{number} är inte stängt (det är {status})",
        "not_waiting": "#{number} är {status} och väntar inte",
        "cannot_as_closed": "#{number} är stängt",
        "cannot_as_merged": "#{number} slogs ihop med #{target}",
        "merged_first": "#{number} är ihopslaget med #{target}",
        "merged_away": "#{number} slogs ihop med #{target}; dess meddelanden finns där",
        "not_a_draft": "#{number} {key} är inget utkast",
        "incomplete": "#{number} stängs inte: det saknar {fields}",
        "changed_meanwhile": "#{number} har ändrats sedan revision {seen}: det är vid {revision}",
        "changed_by_another": "#{number} ändrades av någon annan under tiden; se på det och försök igen",
        "no_faq": "ingen fråga i P{number} kan visas utan personuppgifter",
        "faq_there": "{path} finns redan, kanske med det du har skrivit",
        "no_assistant": "rules.yaml anger ingen språkmodell (assistant:)",
        "assistant_redirects": "{host} hänvisar till en annan adress, vilket inte följs",
        "assistant_too_long": "{host} svarade med mer än {size} MB",
        "assistant_no_text": "{host} svarade, men inte i formen för chat completions",
        "assistant_remote": "{host} finns inte på den här datorn och är inte privat: ingenting skickades",
        "assistant_in_clear": "{host} skulle nås okrypterat: ingenting skickades",
        "one_ticket": "{field} gäller bara ett ärende",
        "input_taken": "standard in innehåller ärendenumren; ge texten med --text",
        "text_twice": "ange vad som sades en gång",
        "no_text": "ingen text gavs, så inget ändrades",
        # a person's rights
        "nothing_kept": "det finns inget sparat om den personen",
        "no_person": "ange en adress, eller namnet eller numret för den som ringde",
        "person_of_the_team": "{person} är en adress i teamet eller gruppbrevlådan, inte en kunds; ta bort den som "
        "har slutat ur team: i rules.yaml",
        "no_person_note": "det finns ingen anteckning {number}",
        "no_change": "ange vad som är rätt: en adress eller ett namn",
        "no_address": "{address} är ingen adress",
        "linked_already": "{person} och {other} är redan en person",
        "never_linked": "{person} och {other} är inte sammanförda",
        "same_address": "{person} och {other} är samma adress",
        "add_and_drop": "ange en anteckning att lägga till eller numret på en att ta bort, inte båda",
        "nothing_rectified": "det stämmer redan; inget ändrades",
        "erase_set_aside": "data/{name} är en skadad fil som också kan nämna personen; se på den och ta bort den först",
        "hold_without_reason": "ange varför det ska sparas",
        "note_on_merged": "#{number} slogs ihop med #{target}; skriv anteckningen där",
        "watch_merged": "#{number} slogs ihop med #{target}; bevaka det",
        "link_to_itself": "#{number} kan inte länkas till sig självt; ange ett annat ärende",
        "merge_into_itself": "#{number} kan inte slås ihop med sig självt; ange ett annat ärende",
        "already_merged": "#{number} är redan ihopslaget med #{target}",
        "not_merged": "#{number} är inte ihopslaget med något annat; ange det som slogs ihop",
        "target_merged": "#{target} slogs självt ihop med #{last}",
        "target_closed": "#{target} är stängt men inte #{number}",
        "requester_merged": "#{number} slogs ihop med #{target}; ändra kunden där",
        # why something is read
        "unmask_without_reason": "ange varför du öppnar det: några ord, utan att nämna någon",
        "nothing_sealed": "#{number} har inget förseglat original",
        "wrong_key": "nyckeln öppnar inte det förseglade originalet: {why}",
        "no_age_key": "{keys} är ingen publik nyckel för age: {why}",
        "reason_missing": "ange ett skäl: några ord, utan att nämna någon",
        "reason_too_long": "ett skäl är en rad med högst {most} tecken",
        "reason_names_somebody": (
            "skälet innehåller en adress eller ett nummer; åtkomstloggen sparas länge, så skriv det utan"
        ),
        "reason_holds_a_name": "skälet innehåller ett namn; åtkomstloggen sparas länge, så skriv det utan",
        "no_instant": "{given!r} är ingen tid; skriv den som 2026-11-20 eller 2026-11-20T14:30",
        "ends_before_it_begins": "det kan inte ha slutat innan det började",
        "not_a_head": "{given!r} är ingen post i loggen; skriv den som i rapporten: 413:1a2b3c4d5e6f7081",
        # fields, labels, causes
        "no_cause": "orsaken {cause!r} finns inte i causes: i rules.yaml{meant}",
        "no_label": "etiketten {label!r} finns inte i labels: i rules.yaml{meant}",
        "not_a_label": "{label!r} är ingen etikett; skriv den utan komman och utan mellanslag omkring",
        "no_field": "fältet {name!r} finns inte i fields: i rules.yaml{meant}",
        "not_field_and_value": "{word!r}: skriv FÄLT=VÄRDE, till exempel category=betalning",
        "no_such_value": "{name} kan inte vara {value!r}{meant}",
        "value_does_not_match": "{name} kan inte vara {value!r}: det måste stämma med {pattern}",
        "no_labels": "ingen etikett är angiven",
        "nothing_to_set": "inget att sätta är angivet",
        # people
        "no_agent": "{name!r} finns inte i team: i rules.yaml{meant}",
        "no_agent_nor_tickets": "{giver!r} finns inte i team: i rules.yaml och har inga öppna ärenden{meant}",
        "viewer_gets_no_tickets": (
            "{name} får bara läsa och kan inte få ärenden; `role: agent` i team: skulle tillåta det"
        ),
        "viewer_changes_nothing": (
            "{name} får bara läsa och ändrar inga ärenden; `role: {role}` i rules.yaml skulle tillåta det"
        ),
        "viewer_needs_role": "{name} har `role: viewer`, och `{what}` kräver `role: {role}` i rules.yaml",
        "needs_admin": (
            "{name} är handläggare, och `{what}` är för en administratör; `role: admin` i rules.yaml skulle tillåta det"
        ),
        "away": "{name} är borta i dag och får inga ärenden, och ingen är ersättare",
        "away_with_deputy": "{name} är borta i dag och får inga ärenden; {deputy} är ersättare",
        "no_owner_no_deputy": "#{number} har ingen ersättare: det har ingen ansvarig",
        "owner_not_away": "#{number} har ingen ersättare: {agent} är inte borta",
        "away_without_deputy": "#{number}: {agent} är borta, och ingen är ersättare",
        "nobody_here": "ingen i team: i rules.yaml kan få ärenden och är här",
        "not_a_person": (
            "{words!r} är ingen person; skriv 'Åsa Öberg <asa@example.se>', eller bara ett namn eller telefonnummer"
        ),
        "system_takes_none": "system tar inga ärenden; ange vilken handläggare som gör det",
        "system_has_no_inbox": "system har ingen inkorg",
        "system_cannot_watch": "system har ingen inkorg; bara en handläggare kan bevaka",
        "no_mail_to_watchers": "rules.yaml har ingen `outgoing:`, så det blir inga mejl; inkorgen visar det",
        # replies
        "reply_to_merged": "#{number} slogs ihop med #{target}; svara där",
        "no_draft": "#{number} har inget utkast som är ditt",
        "no_such_chat": "chatten finns inte",
        "no_chat_source": "det finns ingen chatt {name}",
        "chat_off": "chatten {name} är avstängd",
        "chat_id": "ett chattmeddelande behöver ett id med 8 till 64 bokstäver och siffror",
        "chat_empty": "meddelandet är tomt",
        "chat_too_long": "meddelandet är längre än {most} tecken",
        "chat_address": "{address!r} är ingen e-postadress",
        "chat_asks": "chatten frågar först efter {what}",
        "chat_files": "högst {most} filer",
        "chat_megabytes": "filerna är större än {most} MB",
        "no_chat_file": "det finns ingen sådan fil i chatten",
        "chat_without_address": "#{number}: besökaren i chatten har inte angett någon e-postadress",
        "no_mail_address": "#{number}: {who} har ingen e-postadress; svara per telefon",
        "several_media": "#{number}: ett meddelande kan inte gå till {persons}; skriv till var och en",
        "no_files_there": "#{number}: {medium} tar inga filer; inget skickades",
        "no_such_medium": "här finns inget som skickar meddelanden av slaget {medium}",
        "not_of_medium": "är inget meddelande av det slaget: {reason}",
        "no_token": "{name}: ingen åtkomsttoken; skriv `token_command:` i rules.yaml eller sätt {variable}",
        "chat_unreachable": "{name}: {host} kan inte nås ({reason})",
        "chat_no_answer": "{name}: {host} svarade inte ({reason})",
        "hook_not_verified": "{name}: ett anrop med fel token",
        "hook_too_old": "{name}: ett anrop som är för gammalt",
        "hook_no_message": "{name}: ett anrop som inte är något inlägg i Mattermost",
        "hook_not_a_message": "{name}: ett anrop som inte är något meddelande: {reason}",
        "hook_lacks": "{name}: ett meddelande behöver from.id, conversation och text eller filer",
        "hook_unsigned": "{name}: ett anrop utan signatur",
        "hook_signature": "{name}: ett anrop med fel signatur",
        "no_such_hook": "ingen källa med det namnet anropas av andra",
        "mattermost_source_gone": "rules.yaml har ingen mattermost-källa längre i vars kanal detta hör hemma",
        "mattermost_not_sent": "{reason}",
        "mattermost_refused": "{name}: Mattermost svarade med {status} ({why})",
        "webhook_nowhere": "rules.yaml har ingen webhook-källa längre som tar emot svaret (`reply_to:`)",
        "webhook_not_sent": "{reason}",
        "webhook_refused": "{name}: mottagaren svarade med {status}",
        "webhook_secret_short": "{name}: webhookens hemlighet har färre än {least} byte; gör en ny",
        "telegram_polled_twice": "{name}: ett annat program läser botens meddelanden ({why}); stoppa det, eller ge "
        "gruppbrevlådan en egen bot",
        "telegram_token": "{name}: Telegram godtar inte token; be @BotFather om den rätta",
        "telegram_refused": "{name}: Telegram svarade med {status} ({why})",
        "telegram_source_gone": "rules.yaml har ingen telegram-källa {name} längre, och dit hör detta",
        "telegram_in_order": "{name}: väntar på det som skrevs före här",
        "telegram_not_sent": "{reason}",
        "no_notify_target": "{name}: inget mål i notify: heter så",
        "notify_just_failed": "{name}: kunde inte nås för en stund sedan",
        "notify_not_taken": "{name}: tjänsten tog inte emot notisen",
        "notify_no_address": "{reason}",
        "notify_bad_address": "{name}: det som url_command skriver ut är ingen adress som Apprise känner till",
        "no_notify_extra": "{name}: tillägget [notify] behövs",
        "matrix_other_user": "{name}: åtkomsttoken tillhör {found}, inte {user}; ge en token för den användaren",
        "matrix_token": "{name}: {host} godtar inte åtkomsttoken; logga in användaren på nytt och spara dess token",
        "matrix_redirects": "{name}: {host} hänvisar till en annan adress, och det följs inte",
        "matrix_refused": "{name}: {host} svarade med {answer} ({why})",
        "matrix_unreachable": "{name}: {host} kan inte nås ({reason})",
        "matrix_file_too_large": "{name}: servern tar filer på högst {limit:,} byte, och {file} har {size:,}",
        "matrix_source_gone": "rules.yaml har ingen matrix-källa {name} längre, och dit hör detta",
        "matrix_in_order": "{name}: väntar på det som skrevs före",
        "matrix_not_sent": "{reason}",
        "matrix_room_encrypted": "{name}: rummet är nu krypterat; inget skickas dit i klartext. Be om ett annat rum",
        "nobody_reads_there": "#{number}: ingen läser mejl till {address}; inget skickades",
        "own_address_as_recipient": "{field}: {address} är en av våra egna adresser; mejlet skulle komma tillbaka hit",
        "not_an_address": "{field}: {word!r} är ingen e-postadress; skriv 'Åsa Öberg <asa@example.se>'",
        "own_address": "{address} är en av våra egna adresser; ange kunden",
        "no_outgoing": "rules.yaml har ingen `outgoing:`; `outgoing: {maildir: data/sent, from: …}` är det enklaste",
        "reply_unsafe": "#{number}: mejlet kan inte skrivas: {reason}",
        "reply_just_sent": "#{number}: svaret skickas just nu och kan inte tas tillbaka",
        "departed": "#{number}: någon kan redan ha fått svaret",
        "no_reply": "#{number} har inget sådant svar",
        "in_field": "{field}: {reason}",
        "no_snippet": "det finns ingen mall {name!r} i {folder}{meant}",
        "no_partial": "{file}:{line}: det finns ingen del {name!r} att ta in",
        "snippet_without_subject": "{path}:1: första raden måste vara `Subject: …`, svarets ämne",
        "no_promise": "#{number} har inget löfte som gäller",
        "promise_in_the_past": "ett löfte gäller framåt, och den tiden är förbi",
        # days and times
        "no_such_time": "{words!r}: {reason}; skriv något av: {examples}",
        "not_a_time": "{words!r} är ingen tid framåt; skriv något av: {examples}",
        "day_in_the_past": "{words} är förbi; i dag är det {today}",
        "no_such_day": "{words!r}: {reason}; skriv som 2026-12-24",
        "not_a_day": (
            "{words!r} är ingen dag; "
            "skriv till exempel 2026-12-24, 24 december, i dag, i morgon, fredag eller nästa vecka"
        ),
        "no_such_time_of_day": "ingen dag har en tid {time}",
        "ambiguous_time": "{words!r} kan läsas på två sätt; skriv {choices}",
        "time_in_the_past": (
            "{words} är förbi; klockan är {now} nu; skriv tomorrow, i morgon {time}, eller en väntan som 2h"
        ),
        "in_the_past": "{words} är förbi; i dag är det {today}; skriv en senare dag, i morgon, eller en väntan som 5d",
        "no_such_week": "{year} har {last} veckor",
        "no_such_month": "det finns ingen månad {month}",
        "other_weekdays": "{reasons}",
        "no_such_day_of_month": "ingen månad har en dag {day}",
        "month_is_shorter": "{month} har {length} dagar",
        "another_weekday": "{day} är en {weekday}",
        "too_long_ago": "{words!r} är längre tillbaka än det finns datum",
        # lists and reports
        "no_search_words": "sök efter vad?",
        "not_a_week": "{name!r} är ingen vecka; skriv som 2026-W47",
        "not_a_month": "{name!r} är ingen månad; skriv som 2026-11",
        "not_an_iso_day": "{name!r} är ingen dag; skriv som 2026-11-20",
        "not_a_quarter": "{name!r} är inget kvartal; skriv som 2026-Q4",
        "not_a_year": "{name!r} är inget år; skriv som 2026",
        "measure_name": "en åtgärd behöver ett namn på högst {most} tecken",
        "measure_stopped": "åtgärd {number} avslutades {day}",
        "stops_before_start": "åtgärd {number} började {start}, efter {day}",
        "several_things": "en åtgärd gäller ett av orsak, mönster, etikett och kategori",
        "no_category": "det finns ingen kategori {name!r}{meant}",
        "no_such_pattern": "det finns inget mönster {name}",
        "no_measure": "det finns ingen åtgärd {number}",
        "no_part": "{name!r} är ingen indelning av en period{meant}",
        "no_dimension": "ärenden kan inte delas upp efter {name!r}: inget fält i rules.yaml heter så{meant}",
        "no_group": "vilken {name}? Skriv {name}=VÄRDE",
        "no_figure": "det finns inget mått {name!r}{meant}",
        "no_times_of_persons": "hur snabbt eller hur väl en person arbetar visas inte; "
        "`report: {{per_person_times: true}}` i {file} tillåter det",
        "several_periods": "en rapport gäller en period, eller dagarna från en till en annan",
        "no_first_day": "till den sista dagen behövs en första",
        "last_before_first": "den sista dagen {last} kommer före den första {first}",
        "no_report_recipients": "ingen att skicka den till: skriv `report: {{to: [du@example.se]}}` i {file}",
        # undo
        "nothing_to_undo": "#{number}: {actor} har inte ändrat något på det",
        "nothing_to_take_back": "#{number}: `{command}` lämnade inget att ta tillbaka",
        "all_stays": "{reasons}",
        "reply_departed": "{reason}; inget togs tillbaka",
        "reply_being_sent": "#{number}: svaret {key} till {to} skickas just nu",
        "reply_sent": "#{number}: svaret {key} skickades till {to} och kan inte tas tillbaka",
        "refused_reply_stays": "#{number}: svaret {key} till {to} avvisades av servern och står kvar",
        # the desk
        "no_desk_here": "ingen ärendemapp (desk) i {folder} eller ovanför",
        "not_a_desk": "{folder} är ingen ärendemapp (rules.yaml saknas)",
        "unknown_login": "inloggningen {login!r} hör inte till någon; lägg till `login: {login}` i team: i rules.yaml",
        "file_locked": "en annan körning har hållit {path} i {seconds:g} s; försök igen",
        "because": "{reason}",
    },
}
THEN: Texts = {  # language → the English words behind a next step → the same in that language
    "sv": {
        "first": "först",
        "gives them a password": "ger dem ett lösenord",
        "gives another password": "ger ett annat lösenord",
        "lists them": "listar dem",
        "shows those there are": "visar dem som finns",
        "looks for words": "letar efter ord",
        "shows what happened": "visar vad som hände",
        "shows what there is": "visar vad som finns",
        "shows where": "visar var",
        "shows it": "visar det",
        "shows an agent’s": "visar en handläggares",
        "makes one": "skapar ett",
        "makes it one": "gör den till en",
        "keeps what was said": "sparar vad som sades",
        "sends it to somebody who reads it": "skickar det till någon som läser det",
        "takes that back": "tar tillbaka det",
        "takes it back": "tar tillbaka det",
        "takes it back all the same": "tar tillbaka det ändå",
        "takes it out again": "tar ut det igen",
        "merges again": "slår ihop igen",
        "merges it there": "slår ihop det där",
        "writes another": "skriver ett till",
        "opens it again": "öppnar det igen",
        "ends the waiting": "avslutar väntan",
        "says that nothing is promised": "säger att inget är lovat",
        "says more": "säger mer",
        "tries it again": "försöker igen",
    },
}
# Facts that are words of English: the same in another language.
VOCABULARY: Texts = {
    "sv": {
        "new": "nytt",
        "open": "öppet",
        "waiting": "väntande",
        "closed": "stängt",
        "the requester": "kunden",
        "or": "eller",
        "Monday": "måndag",
        "Tuesday": "tisdag",
        "Wednesday": "onsdag",
        "Thursday": "torsdag",
        "Friday": "fredag",
        "Saturday": "lördag",
        "Sunday": "söndag",
        "January": "januari",
        "February": "februari",
        "March": "mars",
        "April": "april",
        "May": "maj",
        "June": "juni",
        "July": "juli",
        "August": "augusti",
        "September": "september",
        "October": "oktober",
        "November": "november",
        "December": "december",
    },
}
ENGLISH = frozenset({"status", "choices", "weekday", "month"})  # the facts that it is for
OF_THE_FRONT = frozenset({"because", "input_taken", "text_twice"})  # codes that no sentence below the shell has


def error_line(error: TicketctlError, language: str = "en") -> str:
    """The sentence, followed by what to type where there is a next step."""
    if isinstance(error, Objected):
        from ticketctl.present.words.objections import objection_line

        return "\n".join(objection_line(one, language) for one in error.objections)
    return _line(error, language if speaks(error, language) else "en")


def step_words(step: NextStep, language: str = "en") -> str:
    """ "`ticketctl reopen 17` first" """
    if step.verb == "install":
        return f"`pip install 'ticketctl[{step.more}]'`"
    given = [f"--{name.replace('_', '-')}{'' if value is True else f' {value}'}" for name, value in step.given.items()]
    words = ["ticketctl", step.verb, *([str(step.ticket)] if step.ticket else []), *([step.more] if step.more else [])]
    then = THEN.get(language, {}).get(step.then, step.then)
    return " ".join([f"`{' '.join([*words, *given])}`", *([then] if then else [])])


def speaks(error: TicketctlError, language: str) -> bool:
    """Whether the language has the sentence, its next steps and its facts."""
    inner = [one for fact in error.facts.values() for one in (fact if isinstance(fact, Reasons) else [fact])]
    return (
        error.code in SENTENCES.get(language, {})
        and not (isinstance(error, StoreFailed) and error.outcome)
        and all(not step.then or step.then in THEN.get(language, {}) for step in error.own_steps)
        and all(speaks(one, language) for one in inner if isinstance(one, TicketctlError))
    )


def _line(error: TicketctlError, language: str) -> str:
    template = SENTENCES.get(language, {}).get(error.code, error.template)
    facts = {name: _fact(name, fact, language) for name, fact in error.facts.items()}
    said = template.format(**facts) if facts else template
    if isinstance(error, StoreFailed) and error.outcome:
        said = f"{said}; {error.outcome}"
    steps = ", ".join(step_words(step, language) for step in error.own_steps)
    return f"{said}; {steps}" if steps else said + _option(error.code, language, facts)


def _fact(name: str, fact: object, language: str) -> object:
    if isinstance(fact, TicketctlError):
        return _line(fact, language)
    if isinstance(fact, Reasons):
        return "; ".join(_line(one, language) for one in fact)
    if isinstance(fact, Meant):
        return _meant(fact, language)
    if name == "field":
        return f"--{str(fact).replace('_', '-')}"
    if name in ENGLISH and isinstance(fact, str):
        words = VOCABULARY.get(language, {})
        return words.get(fact) or re.sub(r"\w+", lambda word: words.get(word[0], word[0]), fact)
    if name == "who":
        return VOCABULARY.get(language, {}).get(str(fact), fact)
    return fact


def _meant(fact: Meant, language: str) -> str:
    if language != "sv":
        return str(fact)
    if fact.near:
        return f"; menade du {fact.near!r}?"
    return f" (det finns: {', '.join(fact.known)})" if fact.known else " (det finns inga)"


def _option(code: str, language: str, facts: Mapping[str, object]) -> str:
    texts = TEXTS.get(language) or TEXTS["en"]
    return texts.get(code, "").format(**facts)
