"""Keys of the prompt: Enter, Tab, ``?``, right arrow, Ctrl-O; the others are prompt_toolkit's own."""

from prompt_toolkit.application import get_app, run_in_terminal
from prompt_toolkit.enums import DEFAULT_BUFFER
from prompt_toolkit.filters import Condition, emacs_mode, has_focus, vi_insert_mode
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from vshell.prompt.executor import CLIPBOARD_KEY, Executor
from vshell.prompt.input_line import LineParser, is_unfinished
from vshell.prompt.line_state import LineState

_typing = has_focus(DEFAULT_BUFFER) & (emacs_mode | vi_insert_mode)


def entry_bindings(lines: LineParser) -> KeyBindings:
    """Return the keys that enter and complete."""
    bindings = KeyBindings()

    @bindings.add("enter", filter=has_focus(DEFAULT_BUFFER))
    def enter(event: KeyPressEvent) -> None:
        """Take the chosen offer, go on below where more is wanted, or run what is typed."""
        buffer = event.current_buffer
        if buffer.complete_state is not None and buffer.complete_state.current_completion is not None:
            buffer.complete_state = None
        elif is_unfinished(buffer.text, lines):
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


def helper_bindings(line_state: LineState, executor: Executor) -> KeyBindings:
    """Return the keys that explain, take the suggestion, and copy a new token."""
    bindings = KeyBindings()

    def find_suggestion() -> str:
        return line_state.suggest(get_app().current_buffer.document).typed

    @bindings.add("?", filter=_typing)
    def explain(event: KeyPressEvent) -> None:
        """Tell what may come here and leave the line as it is; in a quote it is a character."""
        buffer = event.current_buffer
        document = buffer.document
        if not line_state.is_question(document):
            buffer.insert_text("?")
            return
        buffer.cancel_completion()
        width = event.app.output.get_size().columns
        answer = line_state.explain(document.text, document.cursor_position, width - 1)
        question = line_state.question(document)
        run_in_terminal(lambda: print(f"{question}\n{answer}"))

    @bindings.add("right", filter=_typing & Condition(lambda: bool(find_suggestion())))
    def take_suggestion(event: KeyPressEvent) -> None:
        """Type what the grey suggestion says."""
        event.current_buffer.insert_text(find_suggestion())

    @bindings.add(CLIPBOARD_KEY, filter=has_focus(DEFAULT_BUFFER) & Condition(executor.can_copy))
    def copy(event: KeyPressEvent) -> None:
        """Send the new token to the terminal's clipboard."""
        event.app.output.write_raw(executor.copy())
        event.app.output.flush()
        event.app.invalidate()

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
