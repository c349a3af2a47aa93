"""The table of the methods of the Bot API. Each takes the world and the parameters, and returns the result."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from .params import Params
from .world import World

Method = Callable[[World, Params], Any]
AsyncMethod = Callable[[World, Params], Awaitable[Any]]
METHODS: dict[str, Method] = {}
# Those that wait; the others run with the world locked.
ASYNC_METHODS: dict[str, AsyncMethod] = {}


def method(function: Method) -> Method:
    """Enters ``send_message`` as sendMessage; Telegram does not mind the case of a method's name."""
    METHODS[function.__name__.replace("_", "")] = function
    return function


def async_method(function: AsyncMethod) -> AsyncMethod:
    ASYNC_METHODS[function.__name__.replace("_", "")] = function
    return function
