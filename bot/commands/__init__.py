"""The commands of ``reportbot``, by what they do; ``bot.cli`` lists them and loads the module of the one that runs."""
