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
        """Take the only offer and close the menu: the next Enter then runs the line."""
        buffer = event.current_buffer
        if buffer.complete_state is not None:
            buffer.apply_completion(buffer.complete_state.completions[0])

    return bindings


@Condition
def only_one_offer() -> bool:
    """Tell whether the menu shows one offer, and nothing is chosen yet."""
    state = get_app().current_buffer.complete_state
    return state is not None and len(state.completions) == 1 and state.current_completion is None


def wants_more(text: str, lines: Lines) -> bool:
    """Tell whether the last line of ``text`` is not finished: an open quote, or a backslash at the end."""
    *_, last = logical_lines(text)
    return lines.read(text[last.start : last.end]).continues
