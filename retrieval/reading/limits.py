"""All limits on what is read, each with its reason. Sizes are bytes, times seconds.

They are far above any report that was seen (34,000 characters, 60 pages) and far below what would harm the bot.
"""

_MB = 1 << 20

FILE_BYTES = 100 * _MB  # a scan of 100 pages at 300 dpi has about 50 MB; Telegram itself stops at 20 MB
PLAIN_BYTES = 4 * _MB  # read in the bot's own process: TEXT_CHARACTERS, at four bytes each
TEXT_CHARACTERS = 1_000_000  # the reports of all provinces in one file have 600,000; what follows is linear in it

UNPACKED_BYTES = 200 * _MB  # of a .docx or .odt, pictures included, by the sizes that its directory declares
PART_BYTES = 40 * _MB  # of the one XML part that holds the text: 20 bytes of markup for each of TEXT_CHARACTERS
PARTS = 5_000  # members of a .docx or .odt: one for each picture

ARCHIVE_MEMBERS = 300  # files in a .zip: a year of reports of a large province's counties is 180
ARCHIVE_BYTES = 300 * _MB  # unpacked, all members together; counted while unpacking, whatever the directory says
ARCHIVE_DEPTH = 2  # an archive in an archive is read (an e-mail's attachments packed once more), one deeper is not

PDF_PAGES = 1_000  # a yearbook; its text layer takes a minute
SCANNED_PAGES = 300  # pages whose letters must be recognised, at one to five seconds each
PICTURES = 60  # inside a document: those past it are named as not read
IMAGE_PIXELS = 80_000_000  # A3 at 600 dpi; decoded it takes 240 MB
IMAGE_SIDE = 20_000  # pixels: an A3 page at 1,200 dpi

MEMORY = 1024 * _MB  # address space of the child: an ordinary file needs 300 MB of it, libraries included
LARGE_MEMORY = 6144 * _MB  # of a child that recognises letters or runs LibreOffice; both map far more than they use
CPU_SECONDS = 60  # a PDF of PDF_PAGES takes 25
LARGE_CPU_SECONDS = 7200  # SCANNED_PAGES on a slow machine, on all its cores
SILENT_SECONDS = 150  # without progress; a page takes 30 on a slow machine, LibreOffice up to 90 to start for the first time
OFFICE_SECONDS = 120  # one conversion by LibreOffice
WHOLE_SECONDS = 3600  # of one file, however much progress it makes
RESULT_BYTES = 32 * _MB  # of a text on its way from the child: TEXT_CHARACTERS as JSON, with pages
WRITTEN_BYTES = 400 * _MB  # of one file that the child (or LibreOffice in it) may write
OPEN_FILES = 256

NAME_CHARACTERS = 120  # of a file's name as it is shown and stored

LINK_CHARACTERS = 2_000  # of an address; browsers stop at about as much
LINK_BYTES = 30 * _MB  # a page, or a file behind a link, as it is transferred and unpacked
LINK_SECONDS = 60  # the whole transfer
LINK_PAGES = 30  # of one article
LINK_WAIT_SECONDS = 15  # for a connection, or the next piece
LINK_REDIRECTS = 5
