"""Given names that are common in Sweden and in English-speaking countries, folded: by these a person is recognised who
is on no ticket. Data only. `AMBIGUOUS` are those that are words too: they count only where they are capitalised."""

from __future__ import annotations

_SWEDISH = """
adam agnes agneta albin alexander alexandra alf alfred alice alma alva amanda amir anders andreas ann anna annelie
anneli annette annika anton arne aron arvid asta astrid axel barbro bengt benjamin bernt berit bertil birgit birgitta
birger bo britt börje camilla carina carl carolina caroline catarina cecilia charlie charlotte christer christina
christian christoffer claes clara conny dag dan daniel david dennis ebba edith edvin einar elias elin elina elis
elisabet elisabeth ella ellen elsa elvira emelie emil emilia emma enzo erik erika erland ester esther eva evelina
fanny fatima felicia felix filip filippa fredrik freja frida gabriel gabriella georg gerd gert gertrud gudrun gull gun
gunborg gunhild gunilla gunnar gunnel gunvor gustaf gustav göran gösta hampus hanna hannes hans harald harry hedda
hedvig helen helena helene helge henning henrik henry herman hilda hilma hjalmar hugo ian ida inga ingeborg ingegerd
ingela inger ingmar ingrid ingvar isabella isabelle isak ismail iris irene ivar iver jack jakob jan jasmine jennie
jenny jens jerker jessica jesper jimmy joakim joel johan johanna johannes john johnny jonas jonatan jonathan josef
josefin josefine julia julian jörgen karin karl karolina kasper katarina katja kattis kent kenneth kerstin kim kjell
klara klas knut konrad krister kristian kristin kristina kristoffer kurt lars lasse leif lena lennart leo leon leonard
lilian lilly linda linn linnea linnéa linus lisa lisbeth liv lotta louise lovisa lova love lucas ludvig lukas lydia
madeleine magdalena magnus maj maja malin malte marcus margareta margit maria marianne marie markus marta martin
martina mary mathias matilda mats matteo mattias matts maud max maximilian melker melvin mia michael mikael mikaela
milo mohamed mohammed moa molly monica monika morgan märta måns mårten nathalie nellie nicklas niclas nicolas niklas
nils nina noah noel nora nova ola oliver olivia olle olof olov oscar oskar otto ove owe patrik paula pauline peder
pelle per pernilla peter petra petter pia pontus rebecka rickard rikard robert robin roger roland rolf ronja ronny roy
rune ruth sandra sanna sara sebastian selma signe sigrid sigvard simon siri siv sixten sofia sofie sonja stefan
stellan sten stig stina sture sune susanne sven svante sylvia tage teodor terese theo theodor therese thea thomas
thorsten tilda tilde tim tina tobias tom tomas tommy tore torbjörn tord torsten tove tor tuva tyra ulf ulla ulrik
ulrika urban valdemar valter vega vera verner veronica vidar victor victoria viktor viktoria vilhelm vilma vincent
viola viveka vivianne wilhelm william wilma yngve yvonne åke åsa åsta örjan östen ali ahmed hassan hussein ibrahim
omar yusuf zahra aisha amina leila layla maryam noor samir
"""
_ENGLISH = """
aaron abigail adrian aidan alan albert alexis alfie alison allison amber amelia amy andrea andrew andy angela angelina
anne anthony antonio archie arthur ashley austin ava barbara becky ben benedict bernard beth bethany betty beverly
bill billy bob bobby bradley brandon brenda brian brittany bruce bryan caleb callum cameron carl carla carol carolyn
catherine chad charles charlie chelsea cheryl chloe chris christine christopher cindy claire clare colin connor corey
craig crystal curtis cynthia dale damian danielle darren dave dawn dean deborah debra denise derek diana diane dominic
donald donna doris dorothy doug douglas duncan dylan eamonn ed eddie edward edwin eileen elaine eleanor elizabeth
ellie emily eric erin ethan eugene evan evelyn evie fiona florence frances francesca francis frank fred freddie gareth
gary gavin gemma geoff geoffrey george georgia georgina gerald gillian gina gloria gordon grace graham grant greg
gregory hannah harold harriet harrison harvey hayley hazel heather heidi holly howard hugh imogen isaac isabel isla
isobel jackie jackson jacob jacqueline jade jake james jamie jane janet janice jared jason jay jayden jean jeff
jeffrey jeremy jerry jesse jill jim joan joanna joanne joe jordan jose joseph josh joshua joyce juan juanita judith
judy julie june justin karen kate katherine kathleen kathryn kathy katie kayla keith kelly ken kevin kieran kimberly
kirsty kyle laura lauren laurence lawrence leah lee leonard leslie lewis liam lindsay lindsey logan lois lola lorraine
louis lucy luis luke lynn lynne madison maisie marc margaret maria marilyn marion marjorie mark martha marvin mason
matt matthew maureen maxine megan melanie melissa mia michelle miguel mike mildred millie miranda mitchell mohammad
muhammad nancy naomi natalie natasha nathan neil nicholas nicola nicole nigel norma norman oliver olivia owen pamela
patricia patrick paul pauline pedro penelope penny peter phil philip phillip phoebe phyllis poppy priya rachel ralph
randy raymond rebecca reggie rhys richard ricky rita rob robbie roberta rodney ronald ronnie rosalind rose rosie ross
rowan roxanne ruby russell ryan sally sam samantha samuel sarah sasha scarlett scott sean shane shannon sharon shaun
shawn sheila shirley sian sidney simone sophia sophie spencer stacey stacy stanley stella stephanie stephen steve
steven stuart sue summer susan suzanne sydney tamara tanya tara taylor ted terence teresa terry tiffany timothy toby
todd tony tracey tracy travis trevor tristan tyler vanessa vicky vincent virginia vivian walter wanda warren wayne
wendy wesley will yasmin zac zachary zara zoe
"""
_WORDS_TOO = """
bo dag dan per sten stig tor tore ove love liv maj vega nova iris viola urban max kim tim tom ian leo linn lova alf
alva siv gun gull gerd asta rose grace will mark bill may june dawn jade amber ruby holly hazel summer penny frank
grant dale dean chad ross art jack joy faith hope drew guy norm pat rob sue ted jay lee ray rich skip troy wade josh
logan mason austin jordan georgia virginia sydney florence chelsea madison taylor hans crystal ivar åska don gene glen
olive miles page paris reed robin sandy star sterling storm violet wren scarlett lucas sam ali ed beth fred ken lotta
nils sol björn ann eve ella elis ester marion mats molly noel ola theo tuva victor mary conny dennis
"""
AMBIGUOUS = frozenset(_WORDS_TOO.split())
NAMES = frozenset([*_SWEDISH.split(), *_ENGLISH.split(), "björn"])
