"""What a verification comes to, by exit code."""

from vshell.audit.verdicts import Tampered, Unsealed, Unverified, Verdict, tampered_error


def test_the_exit_codes_are_those_of_the_manual() -> None:
    assert [error.exit_code for error in (Tampered, Unverified, Unsealed)] == [1, 2, 3]


def test_the_first_bad_record_is_named() -> None:
    error = tampered_error(7, "edited", "its hash does not fit")
    assert (error.record, error.what) == (7, "edited")
    assert error.sentence == "Record 7 of the audit chain is edited: its hash does not fit."


def test_the_tail_is_what_is_not_signed_yet() -> None:
    assert Verdict("a", 9, "", 1, 7, None).tail == 2
