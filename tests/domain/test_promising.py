"""What a reply promises. It is Wednesday 18 November 2026, 10:00 in Stockholm; open Monday to Friday, 08:00–17:00."""

from __future__ import annotations

import pytest

from tests.domain.histories import OFFICE, ZONE, at
from ticketctl.domain.deadlines.find_promise import promised

NOW = at("2026-11-18 10:00")

PROMISES = """\
11-20 17:00  Vi återkommer senast fredag.
11-20 17:00  Vi återkommer senast på fredag.
11-20 17:00  Jag hör av mig på fredag.
11-20 17:00  Återkommer på fredag!
11-20 17:00  Återkommer till dig senast fredag med besked.
11-20 17:00  Vi ska ha en lösning klar senast fredag.
11-20 17:00  Tack för ditt mejl. Vi undersöker felet och återkommer fredag.
11-20 17:00  Du får svar senast på fredag.
11-20 17:00  Du kommer att få en ny faktura på fredag.
11-20 17:00  Ni hör från oss senast fredag.
11-20 17:00  Senast på fredag har du pengarna på kontot.
11-20 17:00  På fredag skickar vi en ny kanna.
11-20 17:00  Ersättningsvaran skickas på fredag.
11-20 17:00  Felet är åtgärdat senast fredag.
11-20 17:00  Det ska vara klart på fredag.
11-20 17:00  Pengarna betalas ut fredag 20 november.
11-20 17:00  Vi krediterar fakturan senast den 20 november.
11-20 17:00  Vi krediterar fakturan senast 20 nov.
11-20 17:00  Vi krediterar fakturan senast 2026-11-20.
11-20 17:00  Vi krediterar fakturan senast fredag den 20/11.
11-20 17:00  Vi löser det före veckans slut, senast fredag.
11-20 12:00  Jag ringer dig fredag förmiddag.
11-20 12:00  Jag ringer dig på fredag kl. 12.
11-20 12:00  Vi svarar senast på fredag kl 12:00.
11-20 17:00  Jag ringer dig fredag eftermiddag.
11-20 12:00  Vi skickar den före lunch på fredag.
11-20 14:30  Teknikern kommer på fredag klockan 14.30.
11-19 15:00  Jag återkommer före kl. 15 i morgon.
11-18 11:00  Vi startar om servern nu och hör av oss före kl. 11.
11-18 11:00  Vi hör av oss före klockan elva.
11-18 11:00  Vi hör av oss före elva i dag.
11-19 11:00  Vi hör av oss innan elva i morgon.
11-18 11:00  We are restarting it now and will be back to you before eleven.
11-19 15:00  Jag återkommer i morgon före kl. 15.
11-19 15:00  Vi ringer imorgon kl. 15.00.
11-19 17:00  Vi ringer imorgon.
11-19 17:00  I morgon skickar jag ett nytt lösenord.
11-19 17:00  Jag kollar med lagret och meddelar dig under morgondagen, senast i morgon.
11-19 12:00  Jag skickar det i morgon bitti.
11-19 12:00  Vi återkommer i morgon förmiddag.
11-19 17:00  Vi återkommer i morgon eftermiddag.
11-19 17:00  Jag återkommer imorgon, torsdag.
11-20 17:00  Vi ordnar det i övermorgon.
11-18 17:00  Vi återkommer under dagen.
11-18 17:00  Jag återkommer idag.
11-18 17:00  Vi svarar före dagens slut.
11-18 17:00  Jag ringer dig i eftermiddag.
11-18 12:00  Jag ringer dig i förmiddag.
11-18 22:00  Vi fixar det i kväll.
11-18 15:00  Vi återkommer senast kl. 15.
11-18 15:00  Offerten kommer i dag, senast kl. 15.
11-20 17:00  Den nya delen kommer på fredag.
11-18 15:00  Jag skickar filen före 15:00 i dag.
11-18 11:00  Jag ringer dig inom en timme.
11-18 12:00  Vi hör av oss inom två timmar.
11-18 10:30  Jag ringer upp om 30 minuter.
11-19 10:00  Vi svarar inom 24 timmar.
11-19 10:00  Du får besked inom ett dygn.
11-20 17:00  Vi återkommer inom två arbetsdagar.
11-20 17:00  Vi återkommer inom 1-2 arbetsdagar.
11-24 17:00  Du får svar inom fyra arbetsdagar.
11-20 17:00  Vi återkommer inom två dagar.
11-20 17:00  Jag ringer dig om två dagar.
11-25 17:00  Ni hör från oss inom en vecka.
12-02 17:00  Vi återkommer inom två veckor.
11-27 17:00  Vi återkommer nästa vecka.
11-27 17:00  Vi skickar delarna under nästa vecka.
11-24 17:00  Vi återkommer i början av nästa vecka.
11-25 17:00  Vi återkommer i mitten av nästa vecka.
11-27 17:00  Vi återkommer i slutet av nästa vecka.
11-23 17:00  Jag återkommer på måndag nästa vecka.
11-25 17:00  Jag återkommer nästa vecka på onsdag.
11-23 12:00  Jag ringer dig måndag f.m.
11-20 17:00  Vi återkommer senare i veckan.
11-20 17:00  Det är klart i slutet av veckan.
11-20 17:00  Vi skickar den den här veckan.
11-20 17:00  Vi levererar vecka 47.
11-27 17:00  Varan levereras v. 48.
11-27 17:00  Vi levererar under vecka 48.
11-30 17:00  Vi betalar tillbaka pengarna före slutet av månaden.
12-31 17:00  Vi betalar tillbaka pengarna före slutet av kvartalet.
11-19 08:30  Jag ringer dig före halv nio i morgon.
12-03 17:00  Vi återkommer den 3 december.
12-03 17:00  Vi återkommer senast den 3:e december.
12-03 17:00  Vi installerar den nya versionen torsdag 3/12.
12-03 13:00  Teknikern kommer den 3 december kl. 13.
12-03 13:00  Vår tekniker besöker er inte senare än 3 december 13:00, lovar vi.
01-04 17:00  Vi återkommer måndag den 4 januari.
11-20 17:00  Vi räknar med att ha ett svar till dig på fredag.
11-20 17:00  Observera att vi återkommer senast fredag.
11-20 17:00  Din retur är behandlad, och pengarna återbetalas senast fredag.
11-20 17:00  Hej Åsa!\\n\\nVi ser på det och\\nåterkommer\\nsenast fredag.\\n\\nHälsningar
11-19 17:00  Vi ringer dig i morgon. Ersättningen skickas på fredag.
11-20 17:00  Oroa dig inte, vi löser det senast fredag.
11-20 17:00  We will be back by Friday.
11-20 17:00  We will get back to you by Friday.
11-20 17:00  We'll get back to you on Friday.
11-20 17:00  We’ll have an answer by Friday at the latest.
11-20 17:00  I will call you Friday.
11-20 17:00  I'll send it this Friday.
11-20 17:00  You will hear from us by Friday.
11-20 17:00  You'll have an answer by end of business on Friday.
11-20 17:00  You will receive a refund no later than Friday.
11-20 17:00  It will be fixed by Friday.
11-20 17:00  Your order will be shipped on Friday.
11-20 17:00  The replacement ships on Friday.
11-20 17:00  Our technician will visit you on Friday.
11-20 17:00  Will get back to you by Friday.
11-20 17:00  Back to you by Friday!
11-20 17:00  Please note that we will reply by Friday.
11-20 17:00  Don't worry, we will have it ready by Friday.
11-20 17:00  We expect to have it fixed by Friday.
11-20 17:00  We are going to publish the fix on Friday, 20 November.
11-20 17:00  We will publish the fix on November 20.
11-20 17:00  We will publish the fix on Nov 20th, 2026.
11-20 17:00  We will publish the fix by 20/11.
11-20 15:00  I'll call you on Friday at 3 pm.
11-20 15:00  I'll call you at 15:00 on Friday.
11-20 09:30  I'll call you Friday at 9:30 am.
11-20 12:00  I'll call you on Friday before noon.
11-20 12:00  We will send it Friday morning.
11-20 17:00  We will send it on Friday afternoon.
11-19 17:00  I'll be back with an answer tomorrow.
11-19 12:00  I will call you tomorrow morning.
11-19 17:00  We will call you tomorrow afternoon.
11-19 10:00  We will call you tomorrow at 10.
11-19 15:00  You'll have it before 3pm tomorrow.
11-20 17:00  We will send the part the day after tomorrow.
11-18 17:00  We will reply by end of day.
11-18 17:00  I'll send you an update by EOD.
11-18 17:00  We will reply by close of business today.
11-18 17:00  I will look into it today.
11-18 17:00  I'll call you this afternoon.
11-18 16:00  I'll call you by 4 pm.
11-18 11:00  I'll call you within an hour.
11-18 11:00  We will call you back within the hour.
11-18 12:00  We'll update you within 2 hours.
11-19 10:00  You will hear from us within 24 hours.
11-20 10:00  We will reply within 48 hours.
11-20 17:00  We will reply within two business days.
11-20 17:00  We will reply within 1-2 working days.
11-20 17:00  We will reply in two days.
11-25 17:00  We will reply within a week.
11-25 17:00  You will have your refund within 5 working days.
11-23 17:00  We will get back to you on Monday.
11-27 17:00  We will get back to you next week.
11-24 17:00  We'll get back to you early next week.
11-24 17:00  We will get back to you at the beginning of next week.
11-27 17:00  We will get back to you by the end of next week.
11-24 17:00  I'll ring you on Tuesday next week.
11-20 17:00  We will get back to you later this week.
11-20 17:00  I'll have it done by the end of the week.
11-30 17:00  We will refund you by the end of the month.
12-31 17:00  We will deliver it before the end of the quarter.
11-19 08:30  I will call you before half past eight tomorrow.
12-03 17:00  We will be back on 3 December.
12-03 17:00  We will be back by the 3rd of December.
12-03 17:00  We will be back on December 3rd.
12-03 17:00  The fix will be deployed on 2026-12-03.
01-07 17:00  We will be back on 7 January.
05-04 17:00  We will be back on 4 May.
11-26 09:00  Vår montör kommer ut till er torsdag 26 november kl 9.
11-20 17:00  Vi siktar på att ha det klart till fredag.
11-23 17:00  Utvecklarna släpper en rättning på måndag.
11-27 17:00  Leveransen sker vecka 48.
11-18 14:00  Felsökningen pågår, nästa besked kl. 14:00.
11-18 11:00  Kontot öppnas igen inom en timme.
11-18 16:00  Vi felsöker nu och uppdaterar dig senast kl 16.
11-20 17:00  I've escalated this, and they will issue a refund by Friday.
11-18 17:00  We're shipping a replacement today.
11-20 17:00  A new invoice will reach you by the end of this week.
11-25 17:00  The refund will be on your account within 3-5 business days.
11-20 18:00  We've scheduled the migration for Friday at 6 pm.
11-22 23:59  We will fix it by Sunday.
11-19 17:00  We'll call you tomorrow. The replacement ships on Friday.
11-20 17:00  Hi Ann,\\n\\nI have passed it on and\\nwill get back to you by Friday.\\n\\nBest regards\\nBo
"""

NOTHING = """\
Tack för ditt mejl!
Vi har skickat en ny kanna.
Vi återkommer så snart vi kan.
Vi återkommer inom kort.
Vi återkommer om ett par dagar.
Du behöver svara senast fredag.
Vänligen svara senast fredag.
Skicka gärna loggen senast fredag.
Svara oss senast fredag.
Återkom gärna före fredag.
Vi behöver ditt svar senast fredag.
Vi väntar på ditt svar till fredag.
Vi vill ha in kvittot senast på fredag.
Om du skickar loggen i dag återkommer vi på fredag.
Vi återkommer på fredag om ni skickar loggen.
När vi har fått kvittot betalar vi ut pengarna inom två dagar.
Hör vi inget från dig senast fredag stänger vi ärendet.
Om vi inte hör något senast fredag avslutar vi ärendet.
Kan vi ringa dig på fredag?
Passar det om vi ringer i morgon kl. 10?
Vi hoppas kunna återkomma på fredag.
Vi ska försöka svara senast fredag.
Vi kanske hinner på fredag.
Vi hinner inte före fredag.
Vi kan tyvärr inte svara förrän på måndag.
Vi har stängt på fredag.
Jag är ledig på fredag.
Vi har semester till den 3 december.
Vi återkommer efter fredag.
Vi återkommer tidigast på fredag.
Vi öppnar igen på måndag.
Vi skickade paketet i fredags.
Vi har fått ditt mejl den 3 december.
Vi tittar på fakturan från den 20 november.
Vi tittar på din beställning av den 20 november.
Vi återkommer fredag eller måndag.
Vi återkommer på onsdag.
Vi återkommer nästa fredag.
Vi återkommer kl. 3.
Vi återkommer vid månadsskiftet.
Jag ringer varje fredag.
Vi svarar normalt inom 24 timmar.
Trevlig helg, vi hörs på måndag!
Har ni fått paketet på fredag?
Fakturan förfaller på fredag.
Vi återkommer runt fredag.
Vi svarade dig den 2 november.
Vi återkommer den 2 november.
> Vi återkommer senast fredag.
Tack!\\n-- \\nVi svarar inom 24 timmar
Sista dag att anmäla sig är fredag.
Vi skickar agendan inför mötet på fredag.
Vi gör vårt bästa. Betala senast den 30 november.
Jag återkommer.
Versionen 3.12 kommer vi att installera.
Thank you for your mail.
We have sent a new jug.
We sent it on Friday.
We will get back to you soon.
We will get back to you as soon as possible.
We will get back to you in a few days.
We will get back to you in a couple of days.
Please reply by Friday.
You must reply by Friday.
You need to send us the log before Friday.
Before Friday you must send us the log.
We need your answer by Friday.
We are waiting for your answer until Friday.
We look forward to hearing from you by Friday.
If you send the log today we will be back on Friday.
We will be back on Friday if you send the log.
Once we have the receipt, we will refund you within two days.
Unless we hear from you by Friday, we will close the ticket.
Can we call you on Friday?
Will you be in on Friday?
We hope to be back by Friday.
We will try to answer by Friday.
We might be back on Friday.
We would like to call you on Friday.
We will not be able to answer before Friday.
We can't answer until Monday.
We will be closed on Friday.
I will be away until Monday.
I will be out of office on Friday.
We will be back after Friday.
It will be ready on Friday at the earliest.
We will keep it open until Friday.
We have received your mail of 3 December.
We will look at the order you placed on Friday.
We will look at the invoice dated 20 November.
We will be back on Friday or Monday.
We will be back on Wednesday.
We will be back next Friday.
We will call you at 3.
We will be back on 3/4.
We will be back around Friday.
I will call you every Friday.
We usually answer within 24 hours.
Talk to you on Monday!
See you on Friday.
We replied to you on 2 November.
We will discuss it at the meeting on Friday.
The invoice is due on Friday.
We will bill you; kindly pay by 30 November.
> We will be back by Friday.
Thanks!\\n-- \\nWe will reply within 24 hours
Monday's delivery was late, and we will look into it.
You will need to log in again by Friday.
The trial ends on Friday.
Your subscription renews on 1 December.
The password expires within 24 hours.
The outage was resolved at 14:00 today.
The link is valid for 24 hours.
Over the past week you will have seen some errors.
Kampanjen gäller till och med fredag.
Abonnemanget förnyas den 1 december.
Vi ser i loggen att du loggade in i morse kl 8.
Du kan hämta paketet från och med i morgon.
Vi stänger tidigare på fredag.
Din beställning packas i dag och levereras på fredag.
You will have to pay by Friday.
Version 3.12 will be installed.
"""


def lines(table: str) -> list[str]:
    return [line.replace("\\n", "\n") for line in table.splitlines()]


@pytest.mark.parametrize("line", lines(PROMISES))
def test_the_moment_that_is_promised(line: str) -> None:
    expected, text = line[:11], line[13:]
    found = promised(text, NOW, OFFICE)
    assert found is not None
    assert f"{found.at.astimezone(ZONE):%m-%d %H:%M}" == expected


@pytest.mark.parametrize("text", lines(NOTHING))
def test_what_promises_nothing_certain(text: str) -> None:
    assert promised(text, NOW, OFFICE) is None
