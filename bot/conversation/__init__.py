"""What every front end that serves many people shares: the memory of turns, evidence, drafts, limits and worker threads.

Nothing here knows Telegram, or any other way that people and the bot reach each other.
"""
