"""What Enter does, and Tab before a single offer; other keys are prompt_toolkit's own, in its emacs or vi manner."""

from prompt_toolkit.application import get_app
from prompt_toolkit.enums import DEFAULT_BUFFER
from prompt_toolkit.filters import Condition, has_focus
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from vshell.prompt.lines import Lines, logical_lines


def key_bindings(lines: Lines) -> KeyBindings:
    """Return the keys of the prompt."""
    bindings = KeyBindings()

    @bindings.add("enter", filter=has_focus(DEFAULT_BUFFER))
    def enter(event: KeyPressEvent) -> None:
        """Take the chosen offer, go on below where more is wanted, or run what is typed."""
        buffer = event.current_buffer
        if buffer.complete_state is not None and buffer.complete_state.current_completion is not None:
            buffer.complete_state = None
        elif wants_more(buffer.text, lines):
            buffer.newline(copy_margin=False)
        else:
            buffer.validate_and_handle()

    @bindings.add("tab", filter=has_focus(DEFAULT_BUFFER) & only_one_offer)
    def take(event: KeyPressEvent) -> None:
        """Take the one offer that is meant and close the menu: the next Enter then runs the line."""
        buffer = event.current_buffer
        if buffer.complete_state is not None:
            buffer.apply_completion(buffer.complete_state.completions[0])

    return bindings


@Condition
def only_one_offer() -> bool:
    """Tell whether nothing is chosen in the menu yet, and one offer is meant: the only one, or the only beginning."""
    buffer = get_app().current_buffer
    state = buffer.complete_state
    if state is None or state.current_completion is not None or not state.completions:
        return False
    if len(state.completions) == 1:
        return True
    first, second = state.completions[:2]
    typed = buffer.document.text_before_cursor[len(buffer.document.text_before_cursor) + first.start_position :]
    return typed != "" and first.text.startswith(typed) and not second.text.startswith(typed)


def wants_more(text: str, lines: Lines) -> bool:
    """Tell whether the last line of ``text`` is not finished: an open quote, or a backslash at the end."""
    *_, last = logical_lines(text)
    return lines.read(text[last.start : last.end]).continues
