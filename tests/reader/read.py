#!/usr/bin/env python3
"""Opens a whole database with the keys that are given: tests/reader/read.py FOLDER

FOLDER holds `data/tipline.db` and `data/secrets.json` of a deployment at rest, and `keys.json`: passwords, codes,
receipts and tokens of its people, and what the API told of the same things. Everything that these keys ought to open
must open, and say what the API said; moved, cut, lengthened or changed it must be refused, and by `Refused` alone.
"""
import base64
import collections
import datetime
import hashlib
import json
import pathlib
import random
import sqlite3
import struct
import sys
import uuid

import sealed
from sealed import Refused, context, hkdf, open_seal, open_wrap, place

FOLDER = pathlib.Path(sys.argv[1])
KEYS = json.loads((FOLDER / "keys.json").read_text())
SECRETS = sealed.Secrets(json.loads((FOLDER / "data/secrets.json").read_text()))
DATABASE = sqlite3.connect(FOLDER / "data/tipline.db")
DATABASE.row_factory = sqlite3.Row

# Columns of bytes that are no ids. A column that is not named here fails: say in docs/SEALED_FORMAT.md what it holds.
SEALED = {
    "officers": "sealed_private_key recovery_sealed_private_key second_factor_sealed",
    "office_key_wraps": "wrap", "tip_wraps": "wrap", "tips": "sealed contact_sealed", "messages": "sealed",
    "notes": "sealed", "valuations": "attest_sealed revoke_sealed", "receipts": "sealed_private_key",
    "identities": "sealed", "identity_shares": "wrap", "identity_requests": "private_wrap sealed",
    "identity_request_readers": "wrap", "identity_decisions": "share_wrap sealed", "escrows": "sealed",
    "key_links": "wrap", "case_wraps": "wrap", "cases": "sealed", "outcomes": "note_sealed",
    "sessions": "access_blob refresh_blob", "audit_links": "mark",
}
PLAIN = {
    "officers": "salt auth_hash public_key", "recovery_codes": "code_hash", "office_keys": "public_key",
    "receipts": "lookup_hash public_key", "identities": "commitment", "sessions": "access_salt refresh_salt",
    "identity_requests": "public_key", "escrows": "commitment", "key_consents": "public_key", "audit_links": "prev leaf",
}

# What opened, by kind: how it is opened, and the bytes.
opened = collections.defaultdict(list)
checked = collections.Counter()
unopened = collections.Counter()


def rows(table):
    return DATABASE.execute(f"SELECT * FROM {table}").fetchall()


def opens(kind, how, stored):
    """Opens what ought to open."""
    try:
        plain = how(stored)
    except Refused:
        raise SystemExit(f"{kind}: one that ought to open does not") from None
    opened[kind].append((how, stored))
    return plain


def same(kind, found, told):
    checked[kind] += 1
    if found != told:
        raise SystemExit(f"{kind}: {found!r}, and the API said {told!r}")


def differs(what, found, stored):
    """Without the pepper even what is right cannot be told from what is wrong."""
    checked["cannot be checked without the pepper"] += 1
    if found == stored:
        raise SystemExit(f"{what} was checked without the pepper")


def read_officers():
    """Private keys by officer: of those whose password is known."""
    keys = {}
    for row in rows("officers"):
        known, me = KEYS["officers"].get(row["username"]), row["id"]
        if known is None:
            unopened["officers"] += 1
            continue
        auth, kek = sealed.officer_keys(known["password"], row["salt"], SECRETS.pepper[row["pepper_version"]])
        same("officers.auth_hash", auth, row["auth_hash"])
        for pepper in (None, bytes(32)):
            differs("a password", sealed.officer_keys(known["password"], row["salt"], pepper)[0], row["auth_hash"])
        at = place("officers", "password", me, me)
        seed = opens("officers.sealed_private_key", lambda b, k=kek, at=at: open_seal(k, at, b), row["sealed_private_key"])
        same("officers.public_key", sealed.pair(seed)[2], row["public_key"])
        keys[me] = seed
        if known.get("recovery_code"):
            how = lambda b, code=known["recovery_code"], me=me: sealed.open_recovery(code, me, b, SECRETS)
            same("recovery", opens("officers.recovery_sealed_private_key", how, row["recovery_sealed_private_key"]), seed)
        if row["second_factor_sealed"] is not None:
            key = hkdf(seed, b"", "tipline/officer/second-factor/1")
            at = place("officers", "second_factor_sealed", me, me)
            factor = opens("officers.second_factor_sealed", lambda b, k=key, at=at: open_seal(k, at, b), row["second_factor_sealed"])
            same("second factor", factor, base64.b32decode(known["second_factor"]))
        hashes = {code["code_hash"] for code in rows("recovery_codes") if code["officer_id"] == me}
        codes = {sealed.recovery_code_hash(code, me, SECRETS.administrative) for code in known.get("recovery_codes", [])}
        same("recovery_codes.code_hash", codes, hashes)
    return keys


def read_offices(officers):
    """Seed and symmetric key by office and epoch."""
    epochs, keys = {row["id"]: row for row in rows("office_keys")}, {}
    for row in rows("office_key_wraps"):
        if row["officer_id"] in officers:
            key = epochs[row["office_key_id"]]
            bound = context("office_key", key["id"], row["officer_id"], key["epoch"])
            both = opens("office_key_wraps.wrap", lambda b, s=officers[row["officer_id"]], c=bound: open_wrap(s, c, b), row["wrap"])
            same("office_keys.public_key", sealed.pair(both[:32])[2], key["public_key"])
            keys[key["office_id"], key["epoch"]] = both[:32], both[32:]
    for row in rows("key_links"):
        older, newer = epochs[row["older_key_id"]], epochs[row["newer_key_id"]]
        bound = context("office_key_link", older["id"], newer["id"], older["epoch"])
        seed = keys[newer["office_id"], newer["epoch"]][0]
        both = opens("key_links.wrap", lambda b, s=seed, c=bound: open_wrap(s, c, b), row["wrap"])
        known = keys.setdefault((older["office_id"], older["epoch"]), (both[:32], both[32:]))
        same("an older epoch", (both[:32], both[32:]), known)
        same("office_keys.public_key", sealed.pair(both[:32])[2], older["public_key"])
    public = {row["id"]: row["public_key"] for row in rows("officers")}
    for row in rows("key_consents"):
        same("key_consents.public_key", row["public_key"], public[row["officer_id"]])
    read_escrows(epochs, keys)
    return keys


def read_escrows(epochs, keys):
    """From two of three sheets of paper, without any officer."""
    shares = collections.defaultdict(list)
    for lines in KEYS["sheets"]:
        escrow, threshold, share = sealed.read_sheet(lines)
        shares[escrow].append((threshold, share))
        for number, line in enumerate(lines):
            for at in (3, 10, len(line) - 1):
                other = "5" if line[at] != "5" else "6"
                spoilt = lines[:number] + [line[:at] + other + line[at + 1:]] + lines[number + 1:]
                if line[at] != "-":
                    must_refuse("a sheet", sealed.read_sheet, spoilt, f"line {number + 1} mistyped")
        must_refuse("a sheet", sealed.read_sheet, lines[::-1], "in another order")
    same("escrows", set(shares), {row["id"] for row in rows("escrows")})
    for row in rows("escrows"):
        k, parts = row["threshold"], [share for _, share in shares[row["id"]]]
        same("escrows.threshold", {threshold for threshold, _ in shares[row["id"]]}, {k})
        same("escrows.sheets", len(parts), row["sheets"])
        must_refuse("sheets", lambda few, k=k, row=row: sealed.combine(few, k, row["commitment"]), parts[:k - 1], "too few")
        wrong = [parts[0][:1] + bytes(32)] + parts[1:k]
        must_refuse("sheets", lambda bad, k=k, row=row: sealed.combine(bad, k, row["commitment"]), wrong, "a wrong one")
        key = sealed.combine(parts[:k], k, row["commitment"])
        at = place("escrows", "sealed", row["id"], row["office_key_id"])
        both = opens("escrows.sealed", lambda b, key=key, at=at: open_seal(key, at, b), row["sealed"])
        office = epochs[row["office_key_id"]]
        same("an office's keys on paper", (both[:32], both[32:]), keys[office["office_id"], office["epoch"]])


def read_receipts():
    """The reporters' seeds by tip."""
    found, peppers = {}, SECRETS.pepper
    stored = {row["lookup_hash"]: row for row in rows("receipts")}
    for receipt in KEYS["receipts"]:
        derived = (sealed.receipt_keys(receipt, pepper) for pepper in peppers.values())
        lookup, kek = next((keys for keys in derived if keys[0] in stored), (None, None))
        if lookup is None:
            raise SystemExit("a receipt leads nowhere")
        differs("a receipt", sealed.receipt_keys(receipt, bytes(32))[0] in stored, True)
        row = stored[lookup]
        at = place("receipts", "sealed_private_key", row["tip_id"], row["tip_id"])
        seed = opens("receipts.sealed_private_key", lambda b, k=kek, at=at: open_seal(k, at, b), row["sealed_private_key"])
        same("receipts.public_key", sealed.pair(seed)[2], row["public_key"])
        found[row["tip_id"]] = seed
    return found


def read_wraps(officers, offices, reporters):
    """Keys of tips, and of threads by the reporters' way."""
    deks, threads = {}, {}
    for row in rows("tip_wraps"):
        tip, holder, epoch = row["tip_id"], row["holder_id"], row["epoch"]
        kind = f"tip_wraps.wrap {row['holder']}"
        if row["holder"] in ("reporter", "reporter_fast"):
            if tip not in reporters:
                unopened[kind] += 1
                continue
            if row["holder"] == "reporter":
                how = lambda b, s=reporters[tip], c=context("tip_reporter", tip, tip): open_wrap(s, c, b)
            else:
                own = hkdf(reporters[tip], b"", "tipline/own/1")
                how = lambda b, k=own, at=place("tip_wraps", "reporter_fast", tip, tip): open_seal(k, at, b)
            threads[tip] = opens(kind, how, row["wrap"])
            continue
        if row["holder"] == "officer":
            if holder not in officers:
                raise SystemExit("a tip is sealed to an officer whose key the corpus does not tell")
            how = lambda b, s=officers[holder], c=context("tip_officer", holder, tip): open_wrap(s, c, b)
            dek = opens(kind, how, row["wrap"])
            same("wraps of a restricted tip", deks.setdefault(tip, dek), dek)
            continue
        seed, symmetric = offices[holder, epoch]
        if row["holder"] == "office":
            how = lambda b, s=seed, c=context("tip_office", holder, tip, epoch): open_wrap(s, c, b)
        else:
            how = lambda b, k=symmetric, at=place("tip_wraps", "office_fast", holder, tip): open_seal(k, at, b)
        dek = opens(kind, how, row["wrap"])
        if tip in deks:
            same("both wraps of a tip", dek, deks[tip])
        deks[tip] = dek
    for tip, thread in threads.items():
        same("thread key", thread, hkdf(deks[tip], b"", "tipline/thread/1"))
    return deks, threads


def field(table, column, row, owner, key):
    if row[column] is None:
        return None
    at = place(table, column, row["id"], owner)
    return opens(f"{table}.{column}", lambda b, k=key, at=at: open_seal(k, at, b), row[column])


def by_id(items):
    return {uuid.UUID(item["id"]).bytes: item for item in items}


def read_tips(deks):
    told = by_id(KEYS["told"]["tips"])
    same("tips that the API told of", set(told), {row["id"] for row in rows("tips")})
    for row in rows("tips"):
        tip, said = row["id"], told[row["id"]]
        content = json.loads(field("tips", "sealed", row, tip, deks[tip]))
        for name in ("narrative", "place", "occurred_on", "happening_now", "language"):
            same(f"tips.sealed {name}", content[name], said[name])
        contact = field("tips", "contact_sealed", row, tip, deks[tip])
        contact = json.loads(contact) if contact else {}
        same("tips.contact_sealed", contact, {n: v for n, v in (said["contact"] or {}).items() if v is not None})
    messages = {m["id"]: m for tip in told.values() for m in tip["messages"]}
    for row in rows("messages"):
        thread = hkdf(deks[row["tip_id"]], b"", "tipline/thread/1")
        text = field("messages", "sealed", row, row["tip_id"], thread).decode()
        same("messages.sealed", text, messages[str(uuid.UUID(bytes=row["id"]))]["text"])
    notes = {n["id"]: n for tip in told.values() for n in tip["notes"]}
    for row in rows("notes"):
        text, said = field("notes", "sealed", row, row["tip_id"], deks[row["tip_id"]]).decode(), notes.get(str(uuid.UUID(bytes=row["id"])))
        if row["kind"] == "grade":
            same("notes.sealed grade", sorted(json.loads(text))[:1], ["information"])
        else:
            same("notes.sealed", text, said["text"])
    for row in rows("valuations"):
        dek = deks[row["tip_id"]]
        said = {v["id"]: v for v in told[row["tip_id"]]["valuations"]}[str(uuid.UUID(bytes=row["id"]))]
        texts = [field("valuations", column, row, row["tip_id"], dek) for column in ("attest_sealed", "revoke_sealed")]
        same("valuations", all(text is None or text.decode() in json.dumps(said, ensure_ascii=False) for text in texts), True)


def read_threads(threads):
    """The reporter's way, which leads to the messages only."""
    for row in rows("messages"):
        if row["tip_id"] in threads:
            text = field("messages", "sealed", row, row["tip_id"], threads[row["tip_id"]]).decode()
            same("a reporter's messages", text in KEYS["told"]["threads"][str(uuid.UUID(bytes=row["tip_id"]))], True)


def read_identities(officers, deks):
    shares = collections.defaultdict(list)
    for row in rows("identity_shares"):
        if row["custodian_id"] in officers:
            bound = context("identity_share", row["custodian_id"], row["tip_id"])
            how = lambda b, s=officers[row["custodian_id"]], c=bound: open_wrap(s, c, b)
            shares[row["tip_id"]].append(opens("identity_shares.wrap", how, row["wrap"]))
    for row in rows("identities"):
        tip, k = row["tip_id"], row["threshold"]
        try:
            sealed.combine(shares[tip][:k - 1], k, row["commitment"])
            raise SystemExit("fewer shares than the threshold made the key")
        except Refused:
            pass
        key = sealed.combine(random.sample(shares[tip], k), k, row["commitment"])
        at = place("identities", "sealed", tip, tip)
        who = json.loads(opens("identities.sealed", lambda b, key=key, at=at: open_seal(key, at, b), row["sealed"]))
        told = KEYS["told"]["identities"].get(str(uuid.UUID(bytes=tip)))
        if told is not None:
            same("identities.sealed", who, told)


def read_requests(officers):
    """What was said on requests, and the shares that were sealed to their keys."""
    told, words = KEYS["told"]["requests"], collections.defaultdict(list)
    for row in rows("identity_request_readers"):
        if row["officer_id"] in officers:
            bound = context("identity_request_reader", row["officer_id"], row["request_id"])
            how = lambda b, s=officers[row["officer_id"]], c=bound: open_wrap(s, c, b)
            words[row["request_id"]].append(opens("identity_request_readers.wrap", how, row["wrap"]))
    identities = {row["tip_id"]: row for row in rows("identities")}
    requests, same_words = {row["id"]: row for row in rows("identity_requests")}, lambda keys: len(set(keys)) == 1
    same("requests that were made", {str(uuid.UUID(bytes=request)) for request in requests}, set(told))
    granted = collections.defaultdict(list)
    for request, row in requests.items():
        said = told[str(uuid.UUID(bytes=request))]
        same("readers of a request hold one key", same_words(words[request]), True)
        key = words[request][0]
        at = place("identity_requests", "sealed", request, row["tip_id"])
        grounds = json.loads(opens("identity_requests.sealed", lambda b, k=key, at=at: open_seal(k, at, b), row["sealed"]))
        same("the key of a request", grounds.pop("key"), hashlib.sha256(row["public_key"]).hexdigest())
        same("identity_requests.sealed", grounds, said["grounds"])
        bound = context("identity_request_key", row["requester_id"], request)
        how = lambda b, s=officers[row["requester_id"]], c=bound: open_wrap(s, c, b)
        seed = opens("identity_requests.private_wrap", how, row["private_wrap"])
        same("identity_requests.public_key", sealed.pair(seed)[2], row["public_key"])
        for decision in (d for d in rows("identity_decisions") if d["request_id"] == request):
            at = place("identity_decisions", "sealed", decision["id"], request)
            why = opens("identity_decisions.sealed", lambda b, k=key, at=at: open_seal(k, at, b), decision["sealed"])
            same("identity_decisions.sealed", why.decode(), said["why"])
            if decision["share_wrap"] is not None:
                bound = context("identity_resealed_share", decision["share_id"], request)
                how = lambda b, s=seed, c=bound: open_wrap(s, c, b)
                granted[request].append(opens("identity_decisions.share_wrap", how, decision["share_wrap"]))
    for request, shares in granted.items():
        identity = identities[requests[request]["tip_id"]]
        key = sealed.combine(shares, identity["threshold"], identity["commitment"])
        at = place("identities", "sealed", identity["tip_id"], identity["tip_id"])
        who = json.loads(open_seal(key, at, identity["sealed"]))
        same("an identity by a request", who, KEYS["told"]["identities"][str(uuid.UUID(bytes=identity["tip_id"]))])


def read_record():
    """The chain from its first link, and the signed heads."""
    acts, links, prev = {row["id"]: row for row in rows("audit_rows")}, {}, sealed.GENESIS
    for number, row in enumerate(sorted(rows("audit_links"), key=lambda row: row["seq"]), 1):
        same("audit_links.seq", row["seq"], number)
        same("audit_links.prev", row["prev"], prev)
        same("audit_links.leaf", row["leaf"], sealed.leaf(fields_of(acts[row["audit_id"]])))
        prev = sealed.link_hash(row["seq"], row["prev"], row["leaf"])
        check = lambda b, link=prev, key=row["mark_key"]: sealed.check_mark(b, link, key, SECRETS)
        opens("audit_links.mark", check, row["mark"])
        links[number] = prev
    keys = sealed.checkpoint_keys(SECRETS)
    same("keys of checkpoints", {str(version): base64.urlsafe_b64encode(key).decode().rstrip("=") for version, key in keys.items()}, KEYS["record"]["keys"])
    for line in KEYS["record"]["checkpoints"]:
        seq, head = opens("checkpoint", lambda b: sealed.read_checkpoint(text(b), keys), line.encode())
        same("a checkpoint's head", head, links[seq])
    # The last that was said of a tip's ciphertexts; a reporter's act has its place tomorrow only.
    tips = {row["id"]: row for row in rows("tips")}
    vouched = collections.defaultdict(set)
    for act in acts.values():
        if act["object_id"] in tips and (act["detail"] or "").startswith("sealed:"):
            vouched[act["object_id"]].add(act["detail"])
    for tip, details in vouched.items():
        ciphertexts = sealed.leaf([b"sealed", tips[tip]["sealed"], tips[tip]["contact_sealed"]])
        same("a tip's ciphertexts", f"sealed:{ciphertexts.hex()}" in details, True)


def fields_of(act):
    words = lambda name: act[name] and act[name].encode()
    at = act["at"] and struct.pack(">q", microseconds(act["at"]))
    return [act["id"], at, words("on_day"), words("actor"), act["officer_id"], act["office_id"], words("act"),
            words("object_kind"), act["object_id"], words("detail")]


def microseconds(at):
    at = datetime.datetime.fromisoformat(at)
    return (at - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)) // datetime.timedelta(microseconds=1)


def read_cases(offices):
    told, keys = by_id(KEYS["told"]["cases"]), {}
    wraps = {row["case_id"]: row for row in rows("case_wraps")}
    for row in rows("cases"):
        wrap = wraps[row["id"]]
        at = place("cases", "wrap", row["id"], row["office_id"], wrap["epoch"])
        symmetric = offices[row["office_id"], wrap["epoch"]][1]
        keys[row["id"]] = opens("case_wraps.wrap", lambda b, k=symmetric, at=at: open_seal(k, at, b), wrap["wrap"])
        content = json.loads(field("cases", "sealed", row, row["id"], keys[row["id"]]))
        same("cases.sealed title", content["title"], told[row["id"]]["title"])
        same("cases.sealed notes", [n["text"] for n in content["notes"]], [n["text"] for n in told[row["id"]]["notes"]])
    notes = {o["id"]: o.get("note") for case in told.values() for o in case["outcomes"]}
    for row in rows("outcomes"):
        note = field("outcomes", "note_sealed", row, row["case_id"], keys[row["case_id"]])
        same("outcomes.note_sealed", note and note.decode(), notes[str(uuid.UUID(bytes=row["id"]))])


def text(stored):
    try:
        return stored.decode("ascii")
    except UnicodeDecodeError:
        raise Refused from None


def read_tokens(officers):
    """What clients carry, each with the row that it belongs to: a right token opens no other row."""
    sessions = {row["id"]: row for row in rows("sessions")}
    for purpose in ("access", "refresh"):
        for token in KEYS["tokens"][purpose]:
            row = sessions[uuid.UUID(sealed.read_token(token, purpose, SECRETS)["sid"]).bytes]

            def by_token(b, purpose=purpose, row=row, blob=row[f"{purpose}_blob"]):
                k = sealed.decode(sealed.read_token(text(b), purpose, SECRETS)["k"])
                key = sealed.session_key(k, row[f"{purpose}_salt"], SECRETS)
                return open_seal(key, place("sessions", "blob", row["id"], row["officer_id"]), blob)

            seed = opens(f"{purpose} token", by_token, token.encode())
            by_row = lambda b, by_token=by_token, token=token: by_token(token.encode(), blob=b)
            same("a session's key", opens(f"sessions.{purpose}_blob", by_row, row[f"{purpose}_blob"]), seed)
            same("a session's officer", seed, officers[row["officer_id"]])
    receipts = {row["tip_id"]: row["sealed_private_key"] for row in rows("receipts")}
    for token in KEYS["tokens"]["reporter"]:
        tip = sealed.read_reporter_token(token, SECRETS)[0]

        def by_reporter(b, tip=tip):
            kek = sealed.read_reporter_token(text(b), SECRETS)[2]
            return open_seal(kek, place("receipts", "sealed_private_key", tip, tip), receipts[tip])

        opens("reporter token", by_reporter, token.encode())
    for given in KEYS["tokens"]["tickets"]:
        how = lambda b, receipt=given["receipt"]: sealed.check_ticket(text(b), receipt, SECRETS)
        opens("ticket", how, given["ticket"].encode())
    for form in KEYS["tokens"]["forms"]:
        how = lambda b, bound=form["bound"].encode(): sealed.check_form(text(b), bound, SECRETS)
        opens("form token", how, form["token"].encode())


def every_column_is_known():
    for table, in DATABASE.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"):
        known = f"{SEALED.get(table, '')} {PLAIN.get(table, '')}".split()
        for row in rows(table):
            for column in row.keys():
                if isinstance(row[column], bytes) and len(row[column]) > 16 and column not in known:
                    raise SystemExit(f"{table}.{column} holds bytes that docs/SEALED_FORMAT.md does not speak of")
    for table, columns in SEALED.items():
        for column in columns.split():
            if not any(kind.split()[0] == f"{table}.{column}" for kind in opened):
                raise SystemExit(f"{table}.{column}: the corpus has none, so this shows nothing of it")


def must_refuse(kind, how, stored, what):
    try:
        how(stored)
    except Refused:
        checked["refused"] += 1
        return
    raise SystemExit(f"{kind}: {what} opened")


def damage():
    """Every opened thing: with the bytes of the next of its kind, of one of another kind, cut, lengthened, changed."""
    draw, everything = random.Random(1), [(kind, stored) for kind, things in opened.items() for _, stored in things]
    for kind, things in opened.items():
        for number, (how, stored) in enumerate(things):
            following = things[(number + 1) % len(things)][1]
            if following != stored:
                must_refuse(kind, how, following, "another row's")
            other, foreign = draw.choice(everything)
            if foreign != stored and other.split(".")[0] != kind.split(".")[0]:
                must_refuse(kind, how, foreign, f"a {other}")
            for end in {0, 1, min(25, len(stored) - 1), min(41, len(stored) - 1), len(stored) // 2, len(stored) - 1}:
                must_refuse(kind, how, stored[:end], f"cut at {end}")
            must_refuse(kind, how, stored[1:], "without its beginning")
            must_refuse(kind, how, stored + b"\x00", "lengthened")
            at = draw.randrange(len(stored))
            must_refuse(kind, how, stored[:at] + bytes([stored[at] ^ 1 << draw.randrange(8)]) + stored[at + 1:], f"changed at {at}")


def main():
    officers = read_officers()
    offices, reporters = read_offices(officers), read_receipts()
    deks, threads = read_wraps(officers, offices, reporters)
    read_tips(deks)
    read_threads(threads)
    read_identities(officers, deks)
    read_requests(officers)
    read_cases(offices)
    read_record()
    read_tokens(officers)
    every_column_is_known()
    damage()
    total = sum(len(things) for things in opened.values())
    for kind in sorted(opened):
        print(f"{len(opened[kind]):6}  {kind}")
    print(f"{total:6}  opened, all that these keys ought to; {sum(unopened.values())} are other people's")
    print(f"{sum(checked.values()) - checked['refused']:6}  compared with what the API said or the rows hold")
    print(f"{checked['refused']:6}  moved, cut, lengthened or changed: all refused")
    if total < 500:
        raise SystemExit("fewer than 500: the corpus is too small to show anything")


main()
