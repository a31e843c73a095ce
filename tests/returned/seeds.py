"""Which returned files are for what: nobody looks at a fault of those that judge but through one of development."""

#: Files of a round.
FILES = 10
DEVELOPING = range(1, 501)
JUDGING = range(8001, 8021)
#: Rounds that judge in which every file was saved by LibreOffice.
IN_LIBREOFFICE = range(8021, 8025)
