"""What the scripts that prove survival share: a line of its own, the people who use it, and what can be taken from it.

They drive target/release/tipline, or what TIPLINE names, over its real socket, on SQLite or on a PostgreSQL of their
own that flushes its commits. Python's standard library is all that they need, and root where they say so.
"""
import base64
import collections
import concurrent.futures
import contextlib
import functools
import hashlib
import hmac
import html
import http.client
import json
import os
import pathlib
import pwd
import random
import re
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time
import urllib.parse

PROGRAM = os.environ.get("TIPLINE", str(pathlib.Path(__file__).resolve().parents[2] / "target/release/tipline"))
NO_ANSWER = (OSError, http.client.HTTPException)

# Settings of a deployment on this machine must not reach the line under test.
ENVIRONMENT = {key: value for key, value in os.environ.items()
               if not key.startswith("TIPLINE") and key not in ("DATABASE_URL", "DATABASE_URL_FILE")}

# What ends the servers that a script, or one that failed half-way, leaves behind.
ENDINGS = []


def end(process):
    process.kill()
    process.wait()


class Answer(collections.namedtuple("Answer", "status headers text")):
    """Printed in short: a page is long."""

    def __repr__(self):
        return f"{self.status} {self.headers['Retry-After']} {self.text[-300:].strip() if self.status != 200 else ''}"


def free_port():
    """None of those that the kernel gives to whoever connects: somebody who tries again and again to reach a server that is
    down would take its port sooner or later."""
    while True:
        with socket.socket() as free, contextlib.suppress(OSError):
            free.bind(("127.0.0.1", random.randint(10_000, 32_000)))
            return free.getsockname()[1]


def until(condition, seconds, what):
    """Waits until it holds; seconds that it took."""
    begun = time.monotonic()
    while not condition():
        if time.monotonic() - begun > seconds:
            raise SystemExit(f"not within {seconds} s: {what}")
        time.sleep(0.02)
    return time.monotonic() - begun


def within(values, share):
    """The value that so many of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


@contextlib.contextmanager
def scratch():
    """A folder that the database's own user may walk through, and that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="tipline-survive-") as folder:
        os.chmod(folder, 0o711)
        try:
            yield folder
        finally:
            while ENDINGS:
                ENDINGS.pop()()


def ask(port, method, path, body=None, token=None, source=None, timeout=60, headers=None):
    """One request on a connection of its own. `source`: the address that it comes from."""
    headers = dict(headers or {})
    if isinstance(body, dict) and "Content-Type" not in headers:
        headers["Content-Type"] = "application/json"
        body = json.dumps(body)
    if token:
        headers["Authorization"] = f"Bearer {token}"
    connection = http.client.HTTPConnection(
        "127.0.0.1", port, timeout=timeout, source_address=(source, 0) if source else None)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read().decode())
    finally:
        connection.close()


def told(answer):
    return json.loads(answer.text) if answer.text else None


class Line:
    """A deployment in a folder of its own, or one node of one."""

    def __init__(self, folder, url=None, secrets=None, name="data", wrapped=(), burst=None):
        self.data, self.secrets, self.wrapped = f"{folder}/{name}", secrets, list(wrapped)
        self.log = f"{folder}/{name}.log"
        self.port = free_port()
        self.process = None
        self.environment = dict(ENVIRONMENT)
        if url:
            self.environment["DATABASE_URL"] = url
        if secrets:
            self.environment["TIPLINE_SECRETS"] = secrets
        if burst is not None:
            self.environment["TIPLINE_NETWORK_BURST"] = str(burst)

    def command(self, *arguments, check=True, **more):
        return subprocess.run([PROGRAM, "--data", self.data, *arguments], check=check, capture_output=True, text=True,
                              env=self.environment, **more)

    def launch(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [*self.wrapped, PROGRAM, "--data", self.data, "--listen", f"127.0.0.1:{self.port}", "serve"],
                stdout=subprocess.DEVNULL, stderr=log, env=self.environment)
        ENDINGS.append(functools.partial(end, self.process))

    def start(self):
        """Seconds until it was ready."""
        begun = time.monotonic()
        self.launch()
        while not self.is_ready():
            if self.process.poll() is not None:
                raise SystemExit(f"the server did not start: {self.process.returncode}\n{self.said()[-2000:]}")
            if time.monotonic() - begun > 60:
                raise SystemExit("the server was not ready within a minute")
            time.sleep(0.01)
        return time.monotonic() - begun

    def is_ready(self):
        try:
            return self.ask("GET", "/readyz", timeout=5).status == 200
        except NO_ANSWER:
            return False

    def said(self):
        return pathlib.Path(self.log).read_text(errors="replace")

    def complaints(self):
        """What the log calls an error, without its moment, and how often."""
        lines = [line.split("Z", 1)[-1].strip() for line in re.sub(r"\x1b\[\d*m", "", self.said()).splitlines()]
        return collections.Counter(line for line in lines if line.startswith("ERROR"))

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def lives(self):
        return self.process.poll() is None

    def memory(self):
        """Resident now and at most, MiB."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return [int(re.search(rf"{field}:\s+(\d+)", status)[1]) / 1024 for field in ("VmRSS", "VmHWM")]

    def ask(self, *arguments, **more):
        return ask(self.port, *arguments, **more)

    def first_member(self, username="lan"):
        """The provincial office, which takes every tip that no nearer one takes, gets its key; the password."""
        said = self.command("officer", "add", "--office", "ca-tinh-38", "--username", username, "--role", "screener",
                            "--role", "commander", "--name", "Lan", input=PASSWORD + "\n")
        return said.stdout


PASSWORD = "muong-suoi-nha-san-cau-treo"


class Officer:
    """The first member, with a second factor, over whichever node answers at `port`."""

    def __init__(self, port, username="lan"):
        self.port, self.username, self.secret = port, username, None
        self.log_in()
        started = told(self.request("POST", "/api/v1/staff/me/second-factor"))
        secret = started["secret"]
        verified = self.request("POST", "/api/v1/staff/me/second-factor/verify",
                                {"secret": secret, "code": totp(secret)})
        assert verified.status == 200, verified
        self.secret, self.used = secret, int(time.time()) // 30

    def log_in(self):
        body = {"username": self.username, "password": PASSWORD}
        if self.secret:
            # A code serves once: the next one is waited for.
            until(lambda: int(time.time()) // 30 > self.used, 31, "the next code")
            body["code"], self.used = totp(self.secret), int(time.time()) // 30
        answer = ask(self.port, "POST", "/api/v1/sessions", body)
        assert answer.status == 201, answer
        session = told(answer)
        self.token, self.refresh_token = session["access_token"], session["refresh_token"]

    def request(self, method, path, body=None, port=None, **more):
        return ask(port or self.port, method, path, body, self.token, **more)


def totp(secret):
    """RFC 6238."""
    key, step = base64.b32decode(secret + "=" * (-len(secret) % 8)), struct.pack(">Q", int(time.time()) // 30)
    mac = hmac.digest(key, step, "sha1")
    at = mac[19] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 1_000_000:06}"


def work(ticket, bits):
    """Does the work that a ticket asks for."""
    begun, limit, n = hashlib.sha256(f"{ticket}.".encode()), 1 << (256 - bits), 0
    while True:
        tried = begun.copy()
        tried.update(b"%d" % n)
        if int.from_bytes(tried.digest(), "big") < limit:
            return f"{ticket}.{n}"
        n += 1


def write_tip(port, words, source=None, **more):
    """A tip with a receipt of its own, not sent yet; None with the answer if no ticket was given out."""
    answer = ask(port, "POST", "/api/v1/tickets", source=source, **more)
    if answer.status != 201:
        return None, answer
    drawn = told(answer)
    ticket = work(drawn["ticket"], drawn["work"]) if "work" in drawn else drawn["ticket"]
    return {"receipt": drawn["receipt"], "ticket": ticket, "category": "ma_tuy", "narrative": words}, answer


def fill_form(port, words, source=None, **more):
    """The fields of the page on which a resident writes, filled; None with the answer if there is no such page."""
    answer = ask(port, "GET", "/tip", source=source, headers=BROWSER, **more)
    if answer.status != 200:
        return None, answer
    fields = {name: html.unescape(re.search(rf'name="{name}" value="([^"]*)"', answer.text)[1])
              for name in ("receipt", "ticket")}
    return fields | {"category": "ma_tuy", "narrative": words, "mode": "anonymous"}, answer


BROWSER = {"Accept": "text/html,application/xhtml+xml", "Accept-Language": "vi"}


def send_form(port, path, fields, source=None, **more):
    return ask(port, "POST", path, urllib.parse.urlencode(fields), source=source,
               headers=BROWSER | {"Content-Type": "application/x-www-form-urlencoded"}, **more)


def typed_is_there(page, words):
    """Whether what was typed stands in the page's text field."""
    field = re.search(r'<textarea id="narrative"[^>]*>\n?(.*?)</textarea>', page, re.S)
    return bool(field) and html.unescape(field[1]) == words


class Sent:
    """What residents sent and were told; tips that were not answered are as good as unknown to their senders."""

    def __init__(self):
        self.lock = threading.Lock()
        self.acknowledged, self.unanswered, self.turned_away, self.wrong = {}, {}, {}, []

    def note(self, tip, answer):
        """503 with its headers is an answer: the tip waits to be sent again. Everything else is wrong."""
        with self.lock:
            # 502 is a proxy's word that there was no answer.
            if answer is None or answer.status == 502:
                self.unanswered[tip["receipt"]] = tip
            elif answer.status in (200, 201):
                self.acknowledged[tip["receipt"]] = tip, told(answer)["number"]
            elif answer.status == 503 and answer.headers["Retry-After"] and told(answer)["status"] == 503:
                self.turned_away[tip["receipt"]] = tip
            else:
                self.wrong.append(answer)

    def known(self):
        with self.lock:
            return list(self.acknowledged)

    def send(self, port, tip, **more):
        """False: there was no answer."""
        try:
            self.note(tip, ask(port, "POST", "/api/v1/tips", tip, **more))
            return True
        except NO_ANSWER:
            self.note(tip, None)
            return False

    def note_page(self, fields, answer):
        """The same of a page: with 503 it must hold what was typed."""
        tip = {key: fields[key] for key in ("receipt", "ticket", "category", "narrative")}
        with self.lock:
            if answer is None or answer.status == 502:
                self.unanswered[tip["receipt"]] = tip
                return
            number = re.search(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b", answer.text)
            if answer.status == 200 and number:
                self.acknowledged[tip["receipt"]] = tip, number[0]
            elif answer.status == 503 and answer.headers["Retry-After"] and typed_is_there(answer.text, tip["narrative"]):
                self.turned_away[tip["receipt"]] = tip
            else:
                self.wrong.append(answer)

    def check(self, port):
        """What was acknowledged must be there once and open; what was not, wholly or not at all, and be taken once."""
        # Some at a time: there are tens of thousands after a long trial.
        with concurrent.futures.ThreadPoolExecutor(8) as several:
            stored = several.map(lambda receipt: number_of(port, receipt), self.acknowledged)
            lost = [number for (_, number), there in zip(self.acknowledged.values(), stored) if there != number]
            open_still = [*self.unanswered.items(), *self.turned_away.items()]
            there = sum(several.map(lambda sent: taken_once(port, *sent), open_still))
        doubled = 0
        for tip, number in random.sample(list(self.acknowledged.values()), min(200, len(self.acknowledged))):
            answer = ask(port, "POST", "/api/v1/tips", tip)
            doubled += answer.status not in (200, 201) or told(answer)["number"] != number
        return Checked(lost, there, doubled)


class Load:
    """Residents who send by the API and by the page, some of each a second, and one who reads; until it is ended."""

    def __init__(self, line, sent, senders=4, pages=1, pause=0.1, patience=60):
        self.line, self.sent, self.pause, self.patience = line, sent, pause, patience
        self.over, self.longest, self.cut_off = threading.Event(), 0.0, []
        self.people = [threading.Thread(target=self.send, daemon=True) for _ in range(senders)]
        self.people += [threading.Thread(target=self.fill, daemon=True) for _ in range(pages)]
        self.people.append(threading.Thread(target=self.read, daemon=True))
        for person in self.people:
            person.start()

    def end(self):
        self.over.set()
        for person in self.people:
            person.join()

    def last(self, seconds):
        time.sleep(seconds)
        self.end()

    def step(self, work):
        """Whether or not anybody answers, the next one comes after the pause."""
        begun = time.monotonic()
        try:
            work()
        except NO_ANSWER as error:
            self.cut_off.append(f"{work.__name__}: {error!r}")
        self.longest = max(self.longest, time.monotonic() - begun)
        self.over.wait(self.pause)

    def send(self):
        while not self.over.is_set():
            self.step(self.send_one)

    def send_one(self):
        tip, answer = write_tip(self.line.port, WORDS * random.randint(1, 80), timeout=self.patience)
        if not tip and answer.status == 502:
            self.cut_off.append("a ticket drawn")
        elif not tip:
            self.sent.wrong.append(answer)
        else:
            self.sent.send(self.line.port, tip, timeout=self.patience)

    def fill(self):
        while not self.over.is_set():
            self.step(self.fill_one)

    def fill_one(self):
        words = WORDS * random.randint(1, 80)
        fields, answer = fill_form(self.line.port, words.strip(), timeout=self.patience)
        if not fields:
            (self.cut_off if answer.status == 502 else self.sent.wrong).append(answer)
            return
        try:
            self.sent.note_page(fields, send_form(self.line.port, "/tip", fields, timeout=self.patience))
        except NO_ANSWER:
            self.sent.note_page(fields, None)

    def read(self):
        while not self.over.is_set():
            self.step(self.read_one)

    def read_one(self):
        known = self.sent.known()
        if known:
            opened = self.line.ask("POST", "/api/v1/reporter/sessions", {"receipt": random.choice(known)},
                                   timeout=self.patience)
            if opened.status == 502:
                self.cut_off.append("a thread opened")
            elif opened.status != 201 and not (opened.status == 503 and opened.headers["Retry-After"]):
                self.sent.wrong.append(opened)


WORDS = "Đêm nào cũng có xe lạ. "

Checked = collections.namedtuple("Checked", "lost there doubled")


def number_of(port, receipt):
    """The tip's number by its receipt; None: there is no such tip. Anything between the two is a failure."""
    answer = ask(port, "POST", "/api/v1/reporter/sessions", {"receipt": receipt})
    if answer.status == 401:
        return None
    if answer.status != 201:
        raise SystemExit(f"a receipt was answered with {answer.status}: {answer.text}")
    answer = ask(port, "GET", "/api/v1/reporter/tip", token=told(answer)["token"])
    if answer.status != 200:
        raise SystemExit(f"half of a tip is there: {answer.status} {answer.text}")
    return told(answer)["number"]


def taken_once(port, receipt, tip):
    """Whether a tip that nobody was told of is there. Sent again, it must be there, and as the same one."""
    stored = number_of(port, receipt)
    answer = ask(port, "POST", "/api/v1/tips", tip)
    again = told(answer)
    if answer.status not in (200, 201) or again["number"] != (stored or again["number"]):
        raise SystemExit(f"sent again, a tip was answered with {answer.status} {again}; it was {stored}")
    if number_of(port, receipt) != again["number"]:
        raise SystemExit("sent again, a tip is not there")
    return stored is not None


def postgres_tools():
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    program = str(found[-1]) if found else shutil.which("initdb")
    if not program:
        raise SystemExit("PostgreSQL is missing: run scripts/test once, which installs it")
    return os.path.dirname(os.path.realpath(program))


def as_postgres(*command, **more):
    """As the user that PostgreSQL may run as: it refuses root."""
    user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    return subprocess.run([*user, *command], check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd="/", **more)


class Postgres:
    """A cluster that only this run knows, on a port of this machine, with commits that reach the disk."""

    def __init__(self, folder):
        self.folder, self.port, self.tools = f"{folder}/postgres", free_port(), postgres_tools()
        os.makedirs(self.folder)
        if os.getuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        as_postgres(f"{self.tools}/initdb", "-D", f"{self.folder}/data", "-U", "tipline", "-A", "trust", "-E", "UTF8",
                    "--locale=C.UTF-8")
        self.url = f"postgres://tipline@127.0.0.1:{self.port}/postgres"
        self.start()
        ENDINGS.append(self.end)

    def end(self):
        with contextlib.suppress(subprocess.CalledProcessError):
            self.stop()

    def start(self):
        settings = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c max_connections=200"
        try:
            as_postgres(f"{self.tools}/pg_ctl", "-D", f"{self.folder}/data", "-l", f"{self.folder}/log", "-w", "-s",
                        "start", "-o", settings)
        except subprocess.CalledProcessError as error:
            log = pathlib.Path(self.folder, "log").read_text(errors="replace")
            raise SystemExit(f"PostgreSQL did not start: {error.stdout.decode()}\n{log[-2000:]}") from error

    def stop(self, mode="immediate"):
        as_postgres(f"{self.tools}/pg_ctl", "-D", f"{self.folder}/data", "-m", mode, "-s", "stop")

    def query(self, statement):
        said = as_postgres(f"{self.tools}/psql", "-h", self.folder, "-p", str(self.port), "-U", "tipline", "-d", "postgres",
                           "-AtXc", statement)
        return said.stdout.decode().strip()


def store(kind, folder):
    """None for SQLite, a cluster for PostgreSQL."""
    return Postgres(folder) if kind == "postgres" else None


class Proxy:
    """HAProxy with the sample of docs/operations, in front of nodes of this run."""

    SAMPLE = pathlib.Path(__file__).resolve().parents[2] / "docs/operations/haproxy.cfg"

    def __init__(self, folder, nodes):
        if not shutil.which("haproxy"):
            raise SystemExit("HAProxy is missing: apt-get install haproxy")
        self.port, config = free_port(), self.SAMPLE.read_text()
        for there, here in [(8000, self.port), *zip((8081, 8082, 8083), (node.port for node in nodes))]:
            assert f"127.0.0.1:{there}" in config, there
            config = config.replace(f"127.0.0.1:{there}", f"127.0.0.1:{here}")
        # Two descriptors a connection: more than a process may have here that cannot raise its limit.
        config = config.replace("maxconn 20000", "maxconn 4000")
        path = f"{folder}/haproxy.cfg"
        pathlib.Path(path).write_text(config)
        self.process = subprocess.Popen(["haproxy", "-db", "-f", path], stderr=subprocess.DEVNULL)
        ENDINGS.append(functools.partial(end, self.process))

    def ask(self, *arguments, **more):
        return ask(self.port, *arguments, **more)


def kinds(argument):
    """`sqlite`, `postgres`, or both one after the other."""
    return ["sqlite", "postgres"] if argument == "both" else [argument]
