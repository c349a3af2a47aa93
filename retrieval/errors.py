"""One exception a failure that a user can cause, each carrying the sentence the user reads."""

from __future__ import annotations

from retrieval.messages import message


class ReportBotError(Exception):
    """A failure with a sentence for the user; ``key`` names its text in the catalogue."""

    key = ""

    def __init__(self, **values: object) -> None:
        self.values = values
        self.user_message = message(self.key, **values)
        super().__init__(self.user_message)


class OperatorError(ReportBotError):
    """A failure for whoever runs the program to mend; its sentence may name folders of the machine.

    ``neutral_key`` names the text for everybody else: what is wrong, without where.
    """

    neutral_key = "errors.neutral_library"

    @property
    def neutral_message(self) -> str:
        return message(self.neutral_key)


class UnreadableFile(ReportBotError):
    """The file can't be opened, or its bytes are no text in an encoding we accept."""

    key = "errors.unreadable_file"


class MissingPath(OperatorError):
    """The path that was named does not exist."""

    key = "errors.missing_path"


class EmptyFile(ReportBotError):
    """The file holds no text."""

    key = "errors.empty_file"


class UnsupportedType(ReportBotError):
    """The file's type is not accepted."""

    key = "errors.unsupported_type"


class DamagedFile(ReportBotError):
    """The file has an accepted type, but its structure is broken."""

    key = "errors.damaged_file"


class NothingToAdd(OperatorError):
    """A folder that was named holds no file of an accepted type."""

    key = "errors.nothing_to_add"


class DuplicateReport(ReportBotError):
    """A report with the same text is in the library."""

    key = "errors.duplicate_report"


class ConflictingReport(ReportBotError):
    """A report of the same place and year, with another text, is in the library."""

    key = "errors.conflicting_report"


class UnknownReport(ReportBotError):
    """No report has this id."""

    key = "errors.unknown_report"


class InvalidYear(ReportBotError):
    """A year given for a report is not possible."""

    key = "errors.invalid_year"


class EmptyCorrection(ReportBotError):
    """A text given for a field of a report is empty."""

    key = "errors.empty_correction"


class CorrectionTooLong(ReportBotError):
    """A text given for a field of a report is too long, or has several lines."""

    key = "errors.correction_too_long"


class ReplaceNeedsOne(ReportBotError):
    """``--replace`` was given with files that hold more or fewer than one report."""

    key = "errors.replace_needs_one"


class NothingToRestore(ReportBotError):
    """A removed report can't be brought back: the time for it is over, or it was brought back already."""

    key = "errors.nothing_to_restore"


class NewerLibrary(OperatorError):
    """The library was written by a later version of the program."""

    key = "errors.newer_library"


class MissingLibrary(OperatorError):
    """There is no library in the folder that was named."""

    key = "errors.missing_library"


class DamagedLibrary(OperatorError):
    """The library's database can't be read."""

    key = "errors.damaged_library"


class ReplacedLibrary(OperatorError):
    """The library was replaced by a restored one while this process had it open."""

    key = "errors.replaced_library"


class LibraryInUse(OperatorError):
    """Another process has the library open, which is to be replaced."""

    key = "errors.library_in_use"


class BackupFailed(OperatorError):
    """A backup can't be written."""

    key = "errors.backup_failed"
    neutral_key = "errors.neutral_storage"


class UpgradeNeedsBackup(OperatorError):
    """A library of an older program is not upgraded, because the backup before it could not be written."""

    key = "errors.upgrade_needs_backup"


class NotABackup(OperatorError):
    """The file that was named is no backup of a library."""

    key = "errors.not_a_backup"


class DamagedBackup(OperatorError):
    """A backup does not hold what it held when it was made."""

    key = "errors.damaged_backup"


class NewerBackup(OperatorError):
    """A backup was made by a later version of the program."""

    key = "errors.newer_backup"


class RestoreFailed(OperatorError):
    """A backup could not be unpacked, or not be put in the library's place."""

    key = "errors.restore_failed"


class OtherModel(OperatorError):
    """The library's vectors were made by another embedding model."""

    key = "errors.other_model"


class UnavailableModel(OperatorError):
    """The embedding model that was named can't be loaded."""

    key = "errors.unavailable_model"


class ModelsNotInstalled(OperatorError):
    """A sentence-transformers model was named, but the extra ``models`` is not installed."""

    key = "errors.models_not_installed"


class DamagedWeights(OperatorError):
    """The weight file that the bundled model is built from is not as its format or its hash says."""

    key = "errors.damaged_weights"


class DamagedModel(OperatorError):
    """A model folder lacks a file that it needs, or one of its files can't be read."""

    key = "errors.damaged_model"


class ModelNotBuilt(OperatorError):
    """The bundled model can't be built, or there is nowhere to keep it."""

    key = "errors.model_not_built"


class StorageFailed(OperatorError):
    """The disk is full, read-only or failing."""

    key = "errors.storage_failed"
    neutral_key = "errors.neutral_storage"


class ReadFailed(OperatorError):
    """The disk fails where the library is read."""

    key = "errors.read_failed"
    neutral_key = "errors.neutral_storage"


class LibraryBusy(OperatorError):
    """Another process kept the library locked for too long."""

    key = "errors.library_busy"
    neutral_key = "errors.neutral_busy"


class EmptyQuestion(ReportBotError):
    """The question holds nothing but blanks, punctuation or control characters."""

    key = "errors.empty_question"


class QuestionTooLong(ReportBotError):
    """The question is longer than a question can sensibly be."""

    key = "errors.question_too_long"


class UnknownPlace(ReportBotError):
    """No report of the library is of the place that was named."""

    key = "errors.unknown_place"


class OlderLibrary(OperatorError):
    """An older program made the library, and its folder can't be written to upgrade it."""

    key = "errors.older_library"


class NothingToDraw(ReportBotError):
    """The answer compares too few numbers for a chart."""

    key = "errors.nothing_to_draw"


class UnwritableChart(OperatorError):
    """A chart can't be written to the file that was named, or the file is no ``.png``."""

    key = "errors.unwritable_chart"


class EncryptedFile(ReportBotError):
    """The file can be opened with a password only."""

    key = "errors.encrypted_file"


class FileTooLarge(ReportBotError):
    """The file is larger than a report can sensibly be."""

    key = "errors.file_too_large"


class TextTooLong(ReportBotError):
    """The text of a file is longer than many reports together can sensibly be."""

    key = "errors.text_too_long"


class UnpacksTooLarge(ReportBotError):
    """What is packed in the file is too large."""

    key = "errors.unpacks_too_large"


class TooManyMembers(ReportBotError):
    """An archive holds too many files, or archives in archives in archives."""

    key = "errors.too_many_members"


class EmptyArchive(ReportBotError):
    """An archive holds no file of an accepted type."""

    key = "errors.empty_archive"


class TooManyPages(ReportBotError):
    """The file has more pages than can be read."""

    key = "errors.too_many_pages"


class PictureTooLarge(ReportBotError):
    """A picture of a page has too many pixels."""

    key = "errors.picture_too_large"


class ReadingTooSlow(ReportBotError):
    """Reading the file took too long."""

    key = "errors.reading_too_slow"


class ReaderFailed(ReportBotError):
    """The program that reads files of this type came to grief over this one."""

    key = "errors.reader_failed"


class OcrNotInstalled(ReportBotError):
    """The file is a scan or a picture, and the extra ``ocr`` is not installed."""

    key = "errors.ocr_not_installed"


class NoTextRecognised(ReportBotError):
    """No letters were recognised on any page of a scan."""

    key = "errors.no_text_recognised"


class PicturesOnly(ReportBotError):
    """The file holds pictures (or other things that are not read) and no text."""

    key = "errors.pictures_only"


class NoTextInPages(ReportBotError):
    """A file of fixed pages (OFD) has no text on them."""

    key = "errors.no_text_in_pages"


class OtherFormat(ReportBotError):
    """The file is of a known format that is not accepted; ``hint`` says what to do with it."""

    key = "errors.other_format"


class OfficeNotInstalled(ReportBotError):
    """The file is an old Word or WPS file, and neither LibreOffice nor antiword is installed."""

    key = "errors.office_not_installed"


class UnusableLink(ReportBotError):
    """The address is none of a page in the public internet."""

    key = "errors.unusable_link"


class LinkFailed(ReportBotError):
    """The page behind a link can't be fetched."""

    key = "errors.link_failed"


class NoArticle(ReportBotError):
    """A web page holds no running text."""

    key = "errors.no_article"
