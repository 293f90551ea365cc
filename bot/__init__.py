"""Guide people, in a chat, from "I do not want this" to the right form with an objection of their own."""
