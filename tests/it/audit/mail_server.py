"""A mail server for one test: says its port, then each mail that it takes, as lines of JSON on standard output.

It ends with its standard input, so that none is left behind by a test that was killed.
"""

import asyncio
import email
import email.policy
import json
import sys

try:
    from aiosmtpd.smtp import SMTP
except ImportError:
    sys.exit("aiosmtpd is missing: `scripts/test` installs it, TIPLINE_TEST_MAIL_PYTHON names a Python that has it")


def say(line):
    print(json.dumps(line), flush=True)


class Taken:
    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        told = {"subject": mail["Subject"], "date": mail["Date"], "body": mail.get_content()}
        say({"from": envelope.mail_from, "to": envelope.rcpt_tos, **told})
        return "250 taken"


async def serve():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Taken(), hostname="localhost"), "127.0.0.1", 0)
    say(server.sockets[0].getsockname()[1])
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(serve())
