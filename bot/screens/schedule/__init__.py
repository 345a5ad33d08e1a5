"""The Agendador: when messages go, and what a change does to today."""
