"""From words to what is asked: the turns of a conversation, places, times, what is asked for."""
