"""Runs a command on a terminal of its own and answers its questions.

    terminal.py ANSWER... -- COMMAND...

Each ANSWER (with \\n, \\x04 and the like) is typed when the next question,
which ends with "[y/N] ", has come. One that begins with ! is a shell command,
which is run when the question of the next ANSWER has come. Prints what the command printed, and ends as
it did: its exit code, or 128 and the signal. Nothing for 20 seconds: 99.
COLUMNS in the environment is the terminal's width.
"""
import codecs
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios

QUESTION = b"[y/N] "

split = sys.argv.index("--")
answers = [codecs.decode(a, "unicode_escape").encode() for a in sys.argv[1:split]]
command = sys.argv[split + 1:]

pid, fd = pty.fork()
if pid == 0:
    if "COLUMNS" in os.environ:
        size = struct.pack("4H", 24, int(os.environ["COLUMNS"]), 0, 0)
        fcntl.ioctl(1, termios.TIOCSWINSZ, size)
    os.execv(command[0], command)

output, asked, late = b"", 0, False
while True:
    if not select.select([fd], [], [], 20)[0]:
        os.kill(pid, signal.SIGKILL)
        late = True
        break
    try:
        data = os.read(fd, 65536)
    except OSError:  # EIO: the other end is closed
        break
    if not data:
        break
    output += data
    while asked < len(answers) and output.count(QUESTION) > asked:
        if answers[asked].startswith(b"!"):
            subprocess.run(answers.pop(asked)[1:], shell=True, check=True)
        os.write(fd, answers[asked])
        asked += 1
_, status = os.waitpid(pid, 0)
sys.stdout.write(output.decode(errors="replace").replace("\r\n", "\n"))
if late:
    sys.exit(99)
code = os.waitstatus_to_exitcode(status)
sys.exit(code if code >= 0 else 128 - code)
