"""Hungarian."""

from ticketctl.domain.text.phrases import Phrases

PHRASES = Phrases(
    reply="vá | válasz",
    forward="tovább | továbbítva",
    wrote="írta | írt | írja",
    sender="feladó",
    sent="elküldve | dátum | küldve",
    to="címzett",
    copy="másolatot kap | másolat | titkos másolat",
    subject="tárgy",
    forwarded="továbbított üzenet | továbbított levél",
    original="eredeti üzenet | eredeti levél",
    closing="üdvözlettel | tisztelettel | üdv",
    thanking="köszönöm | köszönettel",
    mobile="elküldve az | iphone-omról küldve",
    thanks="köszönöm | köszönöm szépen | köszi",
    common="a | az | és | hogy | nem | is | egy | van | de | ez | meg | csak | már | vagy | mert | jó | kérem | volt",
)
