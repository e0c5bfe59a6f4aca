"""What is said of a line before its values are read: that no form will be opened for it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.core.commands.binding import MissingOptions, bind
from bot.core.commands.forms import lacks_nothing
from bot.core.errors import BotError
from bot.features.catalogue import declared

_COMMANDS = [command for group in declared().groups for command in group.commands]
_TEXTS = st.lists(st.sampled_from(["", " ", "\u200b", "off", "1", "@nasa", "a,b"]), max_size=2).map(tuple)


@given(st.data())
def test_what_lacks_nothing_is_never_missed(data: st.DataObject) -> None:
    command = data.draw(st.sampled_from(_COMMANDS))
    names = [parameter.name for parameter in command.parameters]
    values = {name: data.draw(_TEXTS) for name in data.draw(st.sets(st.sampled_from(names)))} if names else {}
    lacking = False
    try:
        bind(command, values)
    except MissingOptions:
        lacking = True
    except BotError:
        pass
    assert not (lacking and lacks_nothing(command, values))


def test_a_command_with_all_it_takes_lacks_nothing_but_where_off_may_take_the_value() -> None:
    for command in _COMMANDS:
        values = {parameter.name: ("1",) for parameter in command.parameters}
        assert lacks_nothing(command, values) is ("off" not in values)
