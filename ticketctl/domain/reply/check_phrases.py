"""Words by which a reply shows that it sums up, takes a step or names a time; Swedish and English, to be extended.

Each name is a list of word stems or phrases; `*` at the end of a word stands for any ending. Compared without regard to
case, whole words.
"""

from __future__ import annotations

import re
from functools import cache

# The writer tells what they understood.
UNDERSTOOD = """
du skriver | du skrev | ni skriver | ni skrev | du undrar | du frågar | du vill | du har problem | du berättar
du får | du har fått | du har frågat | du nämner | du beskriver | du efterfrågar | du saknar | du inte har fått
du inte kan | ditt meddelande om | ditt mejl om | ditt mail om | din fråga | din beställning | ditt ärende om
din begäran | din förfrågan | ditt önskemål | din order | er beställning | er fråga | angående | gällande
när det gäller | förstår att | förstår det som | förstår dig rätt | förstått det | som jag förstår | tråkigt att
tråkigt med | synd att | det låter som | tack för att du sa till | tack för att du berättar | tack för tipset
you wrote | you write | you asked | you are asking | you're asking | you mention* | you would like | you'd like
you want | you have | you're having | you are having | you've | you describe* | you report* | you said | you say
you were | your question | your request | your order | your report | your suggestion | your problem | your issue
about your | with your | i understand | we understand | if i understand | if i got | sounds like | it looks like
it seems | sorry to hear | sorry that | sorry about | regarding | concerning | as for | letting us know
thank you for telling | thanks for the report | thanks for reporting | thanks for pointing
"""

# A step, a proposal, a result, or something that the customer shall do.
STEP = """
jag har | vi har | jag ska | vi ska | jag kommer att | vi kommer att | jag skickar | vi skickar | jag bifogar
vi bifogar | bifogat | skickat | skickas | ordnat | ordnar | rättat | rättar | fixat | fixar | löst | löser
åtgärd* | ändrat | ändrar | uppdaterat | uppdaterar | återbetal* | betalar | krediter* | makuler* | avbokat
avbokar | bokat | bokar | beställt | lagt | lägger | tagit | tar | stängt | avslutat | avslutar | återställ*
ersätt* | byter | bytt | klart | fungerar | ska gå | ringer | hör av | återkommer | återkopplar | undersöker
utreder | tittar | kollar | kontroller* | felsöker | arbetar | jobbar | väntar | meddelar | du kan | ni kan
du behöver | ni behöver | du får | svara | prova | pröva | testa | klicka | välj | gå till | gå in | logga | öppna
starta | skicka | ring | mejla | maila | skriv | fyll | ladda | installera | ta bort | lägg | läs | hör av dig
hör gärna | länk* | följ | använd | be din | vänligen | var vänlig | i have | i've | we have | we've | i will | i'll
we will | we'll | i am going | we are going | i sent | we sent | i fixed | we fixed | attached | fixed | solved
resolved | refund* | replac* | cancel* | updated | changed | restored | reset* | closed | booked | ordered
corrected | removed | added | released | working on | looking into | look into | investigat* | get back | you can
you could | you may | you need | you should | you have to | you must | you might | you'll | please | try | click
go to | open | reply | let me know | let us know | send | call | write | check | restart | install | download
log in | log out | use | see | follow | run | set | add | remove | put | make sure | is now | are now | it should
it works | should work | will be | will work | want to | would suggest | i suggest | i'd | i would | we can
we could | can be | how about | instead | take a look | feel free
"""

# Work that goes on after the reply: the customer waits for something.
ONGOING = """
jag återkommer | vi återkommer | återkommer jag | återkommer vi | återkommer med | återkommer till dig
återkommer till er | jag återkopplar | vi återkopplar | återkopplar vi | återkopplar jag | hör av mig | hör av oss
hör vi av oss | hör jag av mig | jag undersöker | vi undersöker | ska undersöka | undersöker saken | vi utreder
jag utreder | vi tittar på | jag tittar på | ska titta på | tittar vidare | vi kollar | jag kollar | ska kolla
kollar upp | vi arbetar med | vi arbetar på | jag arbetar med | vi jobbar med | vi jobbar på | jag jobbar med
jag jobbar på | vi felsöker | jag felsöker | skickat vidare | skickar vidare | du får besked | ni får besked
meddelar dig | meddelar er | väntar på besked från | väntar på svar från | get back to you | come back to you
be in touch | be in contact | we'll let you know | i'll let you know | we will let you know | i will let you know
let you know when | let you know as soon | let you know once | we are looking into | we're looking into
i am looking into | i'm looking into | will look into | we'll look into | i'll look into | we are investigating
we're investigating | i am investigating | i'm investigating | will investigate | we are working on
we're working on | i am working on | i'm working on | keep you posted | keep you updated | keep you informed
follow up with you | will update you | we'll update you | forwarded your | passed your
"""

# When: days, dates, spans, and what ties the answer to something that the customer does.
TIME = """
i dag | idag | i morgon | imorgon | i övermorgon | i kväll | ikväll | i eftermiddag | i förmiddag | i natt
i veckan | denna vecka | den här veckan | nästa vecka | nästa månad | i helgen | efter helgen | före helgen
under dagen | under veckan | under eftermiddagen | under förmiddagen | under kvällen | senast | om en stund
om en timme | om en vecka | om ett par | om några | om cirka | om ca | inom en | inom ett | inom två | inom tre
inom några | inom loppet | inom kontorstid | måndag* | tisdag* | onsdag* | torsdag* | fredag* | lördag* | söndag*
januari | februari | mars | april | maj | juni | juli | augusti | september | oktober | november | december
vardag* | arbetsdag* | bankdag* | när du har svarat | så fort du | så snart du | när vi fått ditt svar
när du svarat | när vi har hört av dig | today | tomorrow | tonight | this week | this morning | this afternoon
this evening | next week | next month | this month | monday* | tuesday* | wednesday* | thursday* | friday*
saturday* | sunday* | january | february | march | june | october | weekend | end of | within a | within an
within one | within two | within three | within the | within our | in an hour | in a day | in a week | in a few
in a couple | business day* | working day* | as soon as you | once you | when you reply | by the end | by noon
before noon
"""
CLOCK = re.compile(
    r"\b\d{1,2}[:.]\d\d\b|\b\d{4}-\d\d-\d\d\b|\b\d{1,2}/\d{1,2}\b|\bkl\.? ?\d"
    r"|\b\d+ ?(?:min|minut|tim|timm|dag|dygn|veck|vardag|arbetsdag|månad|minute|hour|day|week|month|business|working)",
    re.IGNORECASE,
)


@cache
def finder(phrases: str) -> re.Pattern[str]:
    """Finds any of them as whole words in text whose white space is single."""
    every = [one.strip() for line in phrases.splitlines() for one in line.split("|") if one.strip()]
    alternatives = sorted((re.escape(one).replace(r"\*", r"\w*") for one in every), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(alternatives)})(?!\w)", re.IGNORECASE)
