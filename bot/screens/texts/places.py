"""Places that other areas may have: a way is offered only to those that there are."""

from functools import cache

from bot.screens import find_screens


@cache
def there_is(place: str) -> bool:
    """Whether some screen answers to this place."""
    return any(place in screen.places for screen in find_screens())
