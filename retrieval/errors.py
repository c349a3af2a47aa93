"""One exception a failure that a user can cause, each carrying the sentence the user reads."""

from __future__ import annotations

import re

from retrieval.messages import message


class ReportBotError(Exception):
    """A failure with a sentence for the user; ``key`` names its text in the catalogue: ``errors.unreadable_file`` of UnreadableFile."""

    key = ""

    def __init_subclass__(cls) -> None:
        if "key" not in vars(cls):
            cls.key = "errors" + re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", cls.__name__).replace("_", ".", 1)

    def __init__(self, **values: object) -> None:
        self.values = values
        self.user_message = message(self.key, **values)
        super().__init__(self.user_message)


class OperatorError(ReportBotError):
    """A failure for whoever runs the program to mend; its sentence may name folders of the machine.

    ``neutral_key`` names the text for everybody else: what is wrong, without where.
    """

    key = ""
    neutral_key = "errors.neutral_library"

    @property
    def neutral_message(self) -> str:
        return message(self.neutral_key)


class UnreadableFile(ReportBotError):
    """The file can't be opened, or its bytes are no text in an encoding we accept."""


class MissingPath(OperatorError):
    """The path that was named does not exist."""


class EmptyFile(ReportBotError):
    """The file holds no text."""


class UnsupportedType(ReportBotError):
    """The file's type is not accepted."""


class DamagedFile(ReportBotError):
    """The file has an accepted type, but its structure is broken."""


class NothingToAdd(OperatorError):
    """A folder that was named holds no file of an accepted type."""


class DuplicateReport(ReportBotError):
    """A report with the same text is in the library."""


class ConflictingReport(ReportBotError):
    """A report of the same place and year, with another text, is in the library."""


class UnknownReport(ReportBotError):
    """No report has this id."""


class InvalidYear(ReportBotError):
    """A year given for a report is not possible."""


class EmptyCorrection(ReportBotError):
    """A text given for a field of a report is empty."""


class CorrectionTooLong(ReportBotError):
    """A text given for a field of a report is too long, or has several lines."""


class ReplaceNeedsOne(ReportBotError):
    """``--replace`` was given with files that hold more or fewer than one report."""


class NothingToRestore(ReportBotError):
    """A removed report can't be brought back: the time for it is over, or it was brought back already."""


class NewerLibrary(OperatorError):
    """The library was written by a later version of the program."""


class MissingLibrary(OperatorError):
    """There is no library in the folder that was named."""


class DamagedLibrary(OperatorError):
    """The library's database can't be read."""


class ReplacedLibrary(OperatorError):
    """The library was replaced by a restored one while this process had it open."""


class LibraryInUse(OperatorError):
    """Another process has the library open, which is to be replaced."""


class BackupFailed(OperatorError):
    """A backup can't be written."""

    neutral_key = "errors.neutral_storage"


class UpgradeNeedsBackup(OperatorError):
    """A library of an older program is not upgraded, because the backup before it could not be written."""


class NotABackup(OperatorError):
    """The file that was named is no backup of a library."""


class DamagedBackup(OperatorError):
    """A backup does not hold what it held when it was made."""


class NewerBackup(OperatorError):
    """A backup was made by a later version of the program."""


class RestoreFailed(OperatorError):
    """A backup could not be unpacked, or not be put in the library's place."""


class OtherModel(OperatorError):
    """The library's vectors were made by another embedding model."""


class UnavailableModel(OperatorError):
    """The embedding model that was named can't be loaded."""


class ModelsNotInstalled(OperatorError):
    """A sentence-transformers model was named, but the extra ``models`` is not installed."""


class DamagedWeights(OperatorError):
    """The weight file that the bundled model is built from is not as its format or its hash says."""


class DamagedModel(OperatorError):
    """A model folder lacks a file that it needs, or one of its files can't be read."""


class ModelNotBuilt(OperatorError):
    """The bundled model can't be built, or there is nowhere to keep it."""


class StorageFailed(OperatorError):
    """The disk is full, read-only or failing."""

    neutral_key = "errors.neutral_storage"


class ReadFailed(OperatorError):
    """The disk fails where the library is read."""

    neutral_key = "errors.neutral_storage"


class LibraryBusy(OperatorError):
    """Another process kept the library locked for too long."""

    neutral_key = "errors.neutral_busy"


class EmptyQuestion(ReportBotError):
    """The question holds nothing but blanks, punctuation or control characters."""


class QuestionTooLong(ReportBotError):
    """The question is longer than a question can sensibly be."""


class UnknownPlace(ReportBotError):
    """No report of the library is of the place that was named."""


class OlderLibrary(OperatorError):
    """An older program made the library, and its folder can't be written to upgrade it."""


class NothingToDraw(ReportBotError):
    """The answer compares too few numbers for a chart."""


class UnwritableChart(OperatorError):
    """A chart can't be written to the file that was named, or the file is no ``.png``."""


class EncryptedFile(ReportBotError):
    """The file can be opened with a password only."""


class FileTooLarge(ReportBotError):
    """The file is larger than a report can sensibly be."""


class TextTooLong(ReportBotError):
    """The text of a file is longer than many reports together can sensibly be."""


class UnpacksTooLarge(ReportBotError):
    """What is packed in the file is too large."""


class TooManyMembers(ReportBotError):
    """An archive holds too many files, or archives in archives in archives."""


class EmptyArchive(ReportBotError):
    """An archive holds no file of an accepted type."""


class TooManyPages(ReportBotError):
    """The file has more pages than can be read."""


class PictureTooLarge(ReportBotError):
    """A picture of a page has too many pixels."""


class ReadingTooSlow(ReportBotError):
    """Reading the file took too long."""


class ReaderFailed(ReportBotError):
    """The program that reads files of this type came to grief over this one."""


class OcrNotInstalled(ReportBotError):
    """The file is a scan or a picture, and the extra ``ocr`` is not installed."""


class NoTextRecognised(ReportBotError):
    """No letters were recognised on any page of a scan."""


class PicturesOnly(ReportBotError):
    """The file holds pictures (or other things that are not read) and no text."""


class NoTextInPages(ReportBotError):
    """A file of fixed pages (OFD) has no text on them."""


class OtherFormat(ReportBotError):
    """The file is of a known format that is not accepted; ``hint`` says what to do with it."""


class OfficeNotInstalled(ReportBotError):
    """The file is an old Word or WPS file, and neither LibreOffice nor antiword is installed."""


class UnusableLink(ReportBotError):
    """The address is none of a page in the public internet."""


class LinkFailed(ReportBotError):
    """The page behind a link can't be fetched."""


class NoArticle(ReportBotError):
    """A web page holds no running text."""
