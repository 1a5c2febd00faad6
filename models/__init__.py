"""The Rasa project around ``bot.nlu``: what only training needs. Nothing of it is imported by the bot."""
