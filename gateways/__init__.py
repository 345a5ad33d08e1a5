"""The ways out of the process: the WhatsApp worker and files of spreadsheets."""
