"""English."""

from ticketctl.domain.text.phrases import Phrases

PHRASES = Phrases(
    reply="re | reply | response",
    forward="fw | fwd | forward | forwarded",
    opener="on | at | in",
    wrote="wrote | writes | sent | said",
    quoting="quoting | in reply to | original message from",
    sender="from | sender",
    sent="sent | date | sent at | sent on",
    to="to | recipient | recipients",
    copy="cc | bcc | reply-to | reply to | importance | priority | attachments | attachment | organization"
    " | resent-from | in-reply-to | message-id | sensitivity | when | where",
    subject="subject",
    forwarded="forwarded message | begin forwarded message | forwarded by | start of forwarded message"
    " | forwarded email | forwarded mail | forward message | fwd | forwarded",
    original="original message | original mail | original e-mail | original email | reply message"
    " | message original | previous message | original appointment | reply above this line"
    " | please reply above this line | please type your reply above this line"
    " | please do not write below this line | reply above this line to respond"
    " | original message processed by david®",
    closing="regards | best regards | kind regards | warm regards | warmest regards | kindest regards"
    " | many regards | best | all the best | best wishes | with best wishes | with kind regards | with regards"
    " | with best regards | sincerely | yours sincerely | sincerely yours | yours faithfully | yours truly"
    " | respectfully | cordially | cheers | br | rgds | brgds | kr | take care | have a nice day"
    " | have a great day | warmly",
    thanking="thanks | thank you | many thanks | thanks and regards | thanks & regards | thanks in advance | thx"
    " | thanks again | thank you very much | thank you in advance | thank you and best regards | ty | tia",
    mobile="sent from my | sent from mail for windows | sent from outlook | sent from yahoo | sent from samsung"
    " | sent from mailbox | sent from windows mail | sent from gmail | sent from proton | sent from typeapp"
    " | sent from nine | sent from bluemail | sent from aol | sent from a mobile | sent from blue"
    " | sent from acompli | sent from spark | sent with proton | sent with spark | sent with airmail"
    " | sent with mailspring | sent via blackberry | sent via the samsung | sent via iphone | sent using zoho"
    " | sent using hey | sent wirelessly | sent on the go | sent from ipad | sent from iphone"
    " | sent from android | get outlook for | get bluemail for | via mobile | from my iphone | from my mobile"
    " | yahoo mail on | sent from a phone | sent by iphone | sent with shift"
    " | yahoo mail: search, organize, conquer | sent from a samsung",
    app="sent from | sent with | sent via | sent using | sent by",
    excusing="excuse | please excuse | sorry for | apologies for | apologies if | forgive"
    " | please forgive | pardon | please pardon",
    disclaimer="disclaimer | confidentiality notice | confidentiality note | this e-mail is confidential"
    " | this email is confidential | this message is confidential | this e-mail and any | this email and any"
    " | this message and any | this e-mail message | the information contained in this | the information in this e"
    " | you are receiving this because | you received this message because | to unsubscribe from"
    " | please consider the env | this email was scanned | this email has been scanned | virus-free"
    " | this message contains confidential | this communication is | this communication may"
    " | privileged and confidential",
    legal="confiden | privileged | unlawful | virus | malware | unsubscrib | mailing list | subscribed"
    " | view it on | intended solely | before printing",
    thanks="thank you | thanks | thank u | thx | many thanks | thank you so much | thank you very much"
    " | thanks a lot | thanks again | much appreciated | appreciate it | appreciate your help | great help"
    " | works now | it works | that works | works great | works fine | perfect | great | awesome | excellent"
    " | wonderful | super | ty | cheers | works | it works now | that worked | it worked | that solved it | solved"
    " | problem solved | that did it | all good now | got it",
    owing="for | so | very | a | again | to | all | everyone | much | indeed | guys | team | and | now | perfectly"
    " | fine",
    unless="but | however | still | not | advance | if | could | can | when | please | unfortunately | though"
    " | except | also | need | doesn't | don't | isn't | one more | another | would | until",
    praise=(
        "a | all | always | and | answer | best | excellent | fast | friendly | good | great | happy | help | "
        "helped | helpful | in | is | it | kind | nice | perfect | pleased | quick | quickly | reply | "
        "satisfied | service | so | super | superb | support | the | very | was | well | with | you"
    ),
    greeting="hi | hello | hey | dear | good morning | good afternoon | good evening",
    attaching="attached | attaching | i attach | we attach | "
    "in the attachment | see attachment | see the attachment | enclosed | enclosing",
    common="the | and | to | of | is | that | it | you | for | with | have | this | are | was | not | be | on | my"
    " | we | i | but | your | please | can | from | has | would | hello | when | what | there | an | or | if"
    " | will | do | been | our | they | which | a",
)
