"""What the page of the chat says to a visitor."""

from __future__ import annotations

from datetime import datetime

from ticketctl.content.times import zone
from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.chat.see import Chat

TEXTS: Texts = {
    "en": {
        "title": "Chat with us",
        "label": "Your message",
        "name": "Your name",
        "email": "Your e-mail address",
        "email_why": "We answer there if you have left when we write.",
        "by_mail": "Get the answer by e-mail",
        "send": "Send",
        "refresh": "Look for answers",
        "end": "End the chat",
        "ended_now": "You have ended the chat.",
        "files": "Attach files",
        "files_hint": "At most {count} files, together {megabytes} MB",
        "privacy": "How we handle your data",
        "log": "What was said",
        "form": "Write to us in the form instead",
        "mine": "You",
        "automatic": "Automatic",
        "mailed": "sent to you by e-mail",
        "typing": "{name} is typing …",
        "sending": "sending …",
        "not_sent": "not sent yet; it is tried again",
        "offline": "You are offline. What you write is sent when you are back.",
        "expected": "We try to answer within {minutes} minutes.",
        "expected_one": "We try to answer within a minute.",
        "nobody": "Nobody is at the chat right now. Write anyway: the answer comes here as soon as somebody sees it.",
        "shut": "We are closed now, and open {when}.",
        "off": "The chat is closed.",
        "longer": "It takes longer than usual. You need not wait: give us your address, and we answer by e-mail.",
        "longer_known": "It takes longer than usual. You need not wait: we answer by e-mail if you leave.",
        "ended": "The chat has ended. What you write now goes on with it (#{number}).",
        "over": "That conversation (#{number}) is over. What you write now begins a new one.",
        "said_reopened": "This goes on with your conversation #{number}.",
        "said_new": "This is a new conversation, #{number}.",
        "today": "today at {time}",
        "tomorrow": "tomorrow at {time}",
        "day": "on {day} at {time}",
        "too_large": "The files are too large. Your text is still here.",
        "sent_too_late": "The page was too old. Please send it once more.",
        "too_many": "Too many at once. Please try again in {seconds} seconds; your text is still here.",
        "not_now": "It could not be stored just now. Please try again; your text is still here.",
        "chat_off": "The chat is closed. Your text is still here.",
        "chat_id": "The page was too old. Please send it once more.",
        "chat_empty": "Write something first.",
        "chat_too_long": "The message is too long. Please send it in two parts.",
        "chat_address": "That is not an e-mail address.",
        "chat_asks": "Please fill in the fields above first.",
        "chat_files": "Too many files at once.",
        "chat_megabytes": "The files are too large. Your text is still here.",
    },
    "sv": {
        "title": "Chatta med oss",
        "label": "Ditt meddelande",
        "name": "Ditt namn",
        "email": "Din e-postadress",
        "email_why": "Dit svarar vi om du har gått när vi skriver.",
        "by_mail": "Få svaret med e-post",
        "send": "Skicka",
        "refresh": "Se efter svar",
        "end": "Avsluta chatten",
        "ended_now": "Du har avslutat chatten.",
        "files": "Bifoga filer",
        "files_hint": "Högst {count} filer, tillsammans {megabytes} MB",
        "privacy": "Så hanterar vi dina uppgifter",
        "log": "Det som har sagts",
        "form": "Skriv till oss i formuläret i stället",
        "mine": "Du",
        "automatic": "Automatiskt",
        "mailed": "skickat till dig med e-post",
        "typing": "{name} skriver …",
        "sending": "skickas …",
        "not_sent": "inte skickat än; det görs ett nytt försök",
        "offline": "Du är frånkopplad. Det du skriver skickas när du är tillbaka.",
        "expected": "Vi försöker svara inom {minutes} minuter.",
        "expected_one": "Vi försöker svara inom en minut.",
        "nobody": "Just nu är ingen vid chatten. Skriv ändå: svaret kommer här så snart någon har sett det.",
        "shut": "Vi har stängt nu och öppnar {when}.",
        "off": "Chatten är stängd.",
        "longer": "Det dröjer längre än vanligt. Du behöver inte vänta: ange din adress, så svarar vi med e-post.",
        "longer_known": "Det dröjer längre än vanligt. Du behöver inte vänta: vi svarar med e-post om du går.",
        "ended": "Chatten är avslutad. Det du skriver nu fortsätter den (#{number}).",
        "over": "Det samtalet (#{number}) är över. Det du skriver nu börjar ett nytt.",
        "said_reopened": "Det här fortsätter ditt samtal #{number}.",
        "said_new": "Det här är ett nytt samtal, #{number}.",
        "today": "i dag kl. {time}",
        "tomorrow": "i morgon kl. {time}",
        "day": "{day} kl. {time}",
        "too_large": "Filerna är för stora. Din text finns kvar.",
        "sent_too_late": "Sidan var för gammal. Skicka en gång till.",
        "too_many": "Det blev för många på en gång. Försök igen om {seconds} sekunder; din text finns kvar.",
        "not_now": "Det gick inte att spara just nu. Försök igen; din text finns kvar.",
        "chat_off": "Chatten är stängd. Din text finns kvar.",
        "chat_id": "Sidan var för gammal. Skicka en gång till.",
        "chat_empty": "Skriv något först.",
        "chat_too_long": "Meddelandet är för långt. Skicka det i två delar.",
        "chat_address": "Det är ingen e-postadress.",
        "chat_asks": "Fyll i fälten ovanför först.",
        "chat_files": "Det är för många filer på en gång.",
        "chat_megabytes": "Filerna är för stora. Din text finns kvar.",
    },
}
_DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "sv": ("på måndag", "på tisdag", "på onsdag", "på torsdag", "på fredag", "på lördag", "på söndag"),
}


def status_words(chat: Chat, language: str, *, patience: int, timezone: str, now: datetime) -> str:
    """What a visitor may expect now, in a sentence."""
    say = say_in(language, TEXTS)
    if not chat.open:
        return say("off")
    if chat.desk == "shut" and chat.opens_at:
        return say("shut", when=_when(chat.opens_at, language, timezone, now))
    if chat.desk == "nobody":
        return say("nobody")
    return say("expected_one") if patience == 1 else say("expected", minutes=patience)


def notice_words(chat: Chat, language: str) -> str:
    """What is particular about this conversation now; "" where nothing is."""
    say = say_in(language, TEXTS)
    if chat.life in ("ended", "over"):
        return say(chat.life, number=chat.number)
    if chat.longer:
        return say("longer_known" if chat.address else "longer")
    return ""


def clock_words(at: datetime, timezone: str) -> str:
    return f"{at.astimezone(zone(timezone)):%H:%M}"


def _when(at: datetime, language: str, timezone: str, now: datetime) -> str:
    """ "i morgon kl. 08:00" """
    say, here = say_in(language, TEXTS), zone(timezone)
    local, days = at.astimezone(here), (at.astimezone(here).date() - now.astimezone(here).date()).days
    time = f"{local:%H:%M}"
    if days < 2:
        return say("tomorrow" if days else "today", time=time)
    day = _DAYS[language][local.weekday()] if days < 7 else f"{'den ' if language == 'sv' else ''}{local:%Y-%m-%d}"
    return say("day", day=day, time=time)
