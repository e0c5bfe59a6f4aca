"""Edit in Slack: a file of the old text does not stand there as if it still counted."""

from __future__ import annotations

from tests.journeys.slack.place import Place


async def test_the_file_of_an_old_text_is_told_to_be_void(place: Place) -> None:
    await place.posted(f'tweet post long:yes text:"{"old words " * 1200}"')
    preview = next(one for one in place.alerts.messages if "Confirm" in str(one.blocks))
    ix = await place.press(preview, "Edit")
    view = await ix.wait_for_view()
    field = next(block for block in view.blocks if block.get("type") == "input")
    at = f"{field['block_id']}/{field['element']['action_id']}"
    await place.ws.submit_view(view, {at: "short words"})
    told = "(post.txt) will not be posted"
    await place.server.changes.until(
        lambda: any(told in one.visible_text for one in place.alerts.messages), 8.0, told
    )
