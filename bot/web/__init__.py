"""Pages, the Mini App and an HTTP interface over a library; knows no Telegram but the signature of its Mini Apps."""
