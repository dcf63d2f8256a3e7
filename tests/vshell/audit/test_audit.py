"""The verifier is a second reader: it needs neither the server's code nor anything that reaches a network."""

import subprocess
import sys


def test_it_stands_alone() -> None:
    program = (
        "import sys, vshell.audit.known_heads, vshell.audit.signed_note, vshell.audit.verification\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & "
        "{'server_stub', 'requests', 'socket', 'cryptography', 'msgspec', 'apsw'}))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"
