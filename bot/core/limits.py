"""Every bound of the engine, with its reason. A loop that content drives stops here."""

# a message's text that is looked at; a dictated half page is about 1,500 characters
TEXT = 4_000

# steps walked through without waiting for the person; honest content needs about five
STEPS_A_TURN = 20

# frames of dialogs calling one another: a journey, a path inside it, a question in between, and one to spare
PATH = 6

# how far "quay lại" reaches; keeps the state small for a chat of any length
TRAIL = 12

# people whose journeys are offered to go on with, the latest first
PEOPLE = 8

# places of one page of a list; with the next page, the way round and "Việc khác" they fill a message
WARDS = 7

# buttons of one message, "Việc khác" included; more than a screen of them cannot be taken in
CHOICES = 10

# characters of one message: what the strictest channel (Zalo) takes
SAY = 2_000

# characters of a button: the strictest layout of the strictest channel (Zalo); 25 fit on one line
LABEL = 35

# characters of instruction in one message that an elder takes in at once; longer texts are pointed out
INSTRUCTION = 160

# characters of a few words in between ("Dạ mình trở lại nha."), which are no instruction and need no page of their own
ASIDE = 40

# pages of one turn in elder mode; our longest turns have about five
PAGES = 12

# buttons of one message in elder mode; further answers are picked by number
MAIN = 2

# words of the first message, which says who speaks, what is kept and never asked, and how to stop (T10)
NOTICE = 60
