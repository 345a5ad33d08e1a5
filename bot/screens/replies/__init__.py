"""What clients write back: a card for each phone, what waits, and the hours of silence (F8, J3)."""
