"""What administrators ask and order, by area (A11); `actors/admin_actor.py` is the whole of it."""
