"""Opens what docs/SEALED_FORMAT.md describes. Written from that page, with nothing of tipline; the numbers are its
sections."""
import base64
import datetime
import hashlib
import hmac
import json
import struct
import unicodedata

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt
from nacl.exceptions import CryptoError

SUITE = b"\x01"
PASSWORD, RECEIPT = (65536, 3), (1024, 1)
NOBODY = bytes(16)


class Refused(Exception):
    """Does not open: which of key, place and bytes is wrong is not told."""


# 1.1

def sha256(data):
    return hashlib.sha256(data).digest()


def hkdf(material, salt, label):
    return HKDF(hashes.SHA256(), 32, salt or None, label.encode()).derive(material)


def stretch(data, salt, pepper, cost):
    memory, passes = cost
    return Argon2id(salt=salt, length=32, iterations=passes, lanes=1, memory_cost=memory, secret=pepper).derive(data)


# 1.2

def name(text):
    return bytes([len(text.encode())]) + text.encode()


def place(table, column, row, owner, version=1):
    return table, column, row, owner, version


def place_bytes(at):
    table, column, row, owner, version = at
    return SUITE + name(table) + name(column) + row + owner + struct.pack(">I", version)


def context(purpose, row, owner, version=1):
    return SUITE + name(purpose) + row + owner + struct.pack(">I", version)


# 1.3

def bucket(length):
    if length <= 64:
        return 64
    exponent = length.bit_length() - 1
    kept = exponent.bit_length()
    mask = (1 << (exponent - kept)) - 1
    return (length + mask) & ~mask


def unpad(padded):
    if len(padded) < 4:
        raise Refused
    length, = struct.unpack(">I", padded[:4])
    if length > len(padded) - 4:
        raise Refused
    return padded[4:4 + length]


# 1.4

def open_seal(key, at, sealed):
    if sealed[:1] != SUITE or len(sealed) < 1 + 24 + 16:
        raise Refused
    table, column, row, _, _ = at
    sub = hkdf(key, row, f"tipline/field/1|{table}|{column}")
    try:
        padded = crypto_aead_xchacha20poly1305_ietf_decrypt(sealed[25:], place_bytes(at), sealed[1:25], sub)
    except CryptoError:
        raise Refused from None
    return unpad(padded)


# 1.5

def pair(seed):
    """ML-KEM's and X25519's private keys, and the public key of both."""
    expanded = hashlib.shake_256(seed).digest(96)
    kem, curve = MLKEM768PrivateKey.from_seed_bytes(expanded[:64]), X25519PrivateKey.from_private_bytes(expanded[64:])
    return kem, curve, kem.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()


def decapsulate(seed, encapsulated):
    kem, curve, public = pair(seed)
    ct_x = encapsulated[1088:]
    try:
        ss_m = kem.decapsulate(encapsulated[:1088])
        ss_x = curve.exchange(X25519PublicKey.from_public_bytes(ct_x))
    except ValueError:
        raise Refused from None
    return hashlib.sha3_256(ss_m + ss_x + ct_x + public[1184:] + bytes.fromhex("5c2e2f2f5e5c")).digest()


HPKE = b"HPKE-v1" + b"HPKE" + bytes.fromhex("647a" "0001" "0003")


def extract(salt, label, material):
    return hmac.digest(salt, HPKE + label + material, "sha256")


def expand(key, label, info, length):
    return hmac.digest(key, struct.pack(">H", length) + HPKE + label + info + b"\x01", "sha256")[:length]


def open_wrap(seed, bound, wrap):
    if wrap[:1] != SUITE or len(wrap) < 1 + 1120 + 16:
        raise Refused
    shared = decapsulate(seed, wrap[1:1121])
    about = b"\x00" + extract(b"", b"psk_id_hash", b"") + extract(b"", b"info_hash", b"tipline/wrap/1")
    secret = extract(shared, b"secret", b"")
    key, nonce = expand(secret, b"key", about, 32), expand(secret, b"base_nonce", about, 12)
    try:
        return ChaCha20Poly1305(key).decrypt(nonce, wrap[1121:], bound)
    except InvalidTag:
        raise Refused from None


# 2

def decode(text):
    try:
        plain = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise Refused from None
    if base64.urlsafe_b64encode(plain).decode().rstrip("=") != text:
        raise Refused
    return plain


class Secrets:
    def __init__(self, file):
        read = lambda kind: {int(version): decode(key) for version, key in file[kind]["keys"].items()}
        self.pepper, self.session, self.token = read("pepper"), read("session"), read("token")
        self.administrative = decode(file["administrative"])
        self.audit = read("audit") if "audit" in file else {1: hkdf(self.administrative, b"", "tipline/audit/first/1")}


# 3

def officer_keys(password, salt, pepper):
    """What is stored to log in with, and the key of the lock."""
    master = stretch(unicodedata.normalize("NFC", password).encode(), salt, pepper, PASSWORD)
    return sha256(hkdf(master, b"", "tipline/officer/auth/1")), hkdf(master, b"", "tipline/officer/wrap/1")


def paper(code):
    plain = "".join(c for c in code if c.isascii() and c.isalnum()).upper()
    return plain.replace("O", "0").replace("I", "1").replace("L", "1").encode()


def recovery_key(code, pepper):
    return hkdf(paper(code), pepper, "tipline/officer/recovery/1")


def open_recovery(code, officer, stored, secrets):
    """The officer's seed."""
    version = int.from_bytes(stored[:4], "big", signed=True)
    if len(stored) < 4 or version not in secrets.pepper:
        raise Refused
    key = recovery_key(code, secrets.pepper[version])
    return open_seal(key, place("officers", "recovery", officer, officer), stored[4:])


def recovery_code_hash(code, officer, administrative):
    label = "tipline/officer/recovery-code/1"
    return hkdf(paper(code), hkdf(administrative, officer, label), label)


# 4

PAPER = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def crc(data):
    value = 0
    for byte in data:
        for bit in range(7, -1, -1):
            top = (value >> 9 ^ byte >> bit) & 1
            value = (value << 1 & 0x3ff) ^ (0x233 if top else 0)
    return value


def read_sheet(lines):
    """Escrow, threshold and share."""
    whole = b""
    for number, line in enumerate(lines, 1):
        plain = "".join(c for c in line if not c.isspace() and c not in "-.:|").upper()
        plain = plain.replace("O", "0").replace("I", "1").replace("L", "1")
        if len(plain) != 19 or plain[0] != str(number) or any(c not in PAPER for c in plain):
            raise Refused
        bits = 0
        for letter in plain[1:]:
            bits = bits << 5 | PAPER.index(letter)
        part = (bits >> 10).to_bytes(10, "big")
        if bits & 0x3ff != crc(bytes([number]) + part):
            raise Refused
        whole += part
    if len(whole) != 60 or whole[0] != 1 or sha256(b"tipline/escrow/sheet/1" + whole[:51])[:9] != whole[51:]:
        raise Refused
    return whole[1:17], whole[17], whole[18:51]


# 6

def receipt_keys(receipt, pepper):
    digits = bytes(int(c) for c in receipt if c.isdigit())
    master = stretch(digits, hkdf(pepper, b"", "tipline/receipt/salt/1"), pepper, RECEIPT)
    return sha256(hkdf(master, b"", "tipline/receipt/lookup/1")), hkdf(master, b"", "tipline/receipt/wrap/1")


# 7

def times(a, b):
    product = 0
    while b:
        product ^= a if b & 1 else 0
        a = (a << 1) ^ (0x11b if a & 0x80 else 0)
        b >>= 1
    return product


def power(a, n):
    result = 1
    for _ in range(n):
        result = times(result, a)
    return result


def share_fits(share, commitment):
    if len(commitment) == 32:
        return True
    return sha256(b"tipline/quorum/share/1" + share) == commitment[32 * share[0]:32 * share[0] + 32]


def combine(shares, threshold, commitment):
    shares = list({share[0]: share for share in shares}.values())[:threshold]
    if len(shares) < threshold or any(len(share) != 33 or not share_fits(share, commitment) for share in shares):
        raise Refused
    key = bytearray(32)
    for share in shares:
        factor = 1
        for other in shares:
            if other[0] != share[0]:
                # Division is multiplication with the 254th power: a^255 = 1.
                factor = times(factor, times(other[0], power(other[0] ^ share[0], 254)))
        key = bytearray(have ^ times(factor, byte) for have, byte in zip(key, share[1:]))
    if not hmac.compare_digest(sha256(b"tipline/quorum/1" + key), commitment[:32]):
        raise Refused
    return bytes(key)


# 9

def session_key(k, salt, secrets):
    version, = struct.unpack(">i", salt[:4])
    if version not in secrets.session:
        raise Refused
    return hkdf(k + secrets.session[version], salt, "tipline/session/1")


# 10

def known(version, keys):
    """The key of a version, which has one spelling."""
    key = {str(number): key for number, key in keys.items()}.get(version)
    if key is None:
        raise Refused
    return key


def read_token(token, purpose, secrets):
    """The claims of an officer's token."""
    try:
        said, _, tag = token.rpartition(".")
        head, claims = (json.loads(decode(part)) for part in said.split("."))
    except ValueError:
        raise Refused from None
    version = head.get("kid") if isinstance(head, dict) else None
    if head != {"typ": f"tipline-{purpose}+jwt", "alg": "HS256", "kid": version} or not isinstance(version, str):
        raise Refused
    key = hkdf(known(version, secrets.token), b"", f"tipline/token/1|{purpose}")
    if not hmac.compare_digest(hmac.digest(key, said.encode(), "sha256"), decode(tag)) or claims["aud"] != purpose:
        raise Refused
    return claims


def read_reporter_token(token, secrets):
    """Tip, end and key of the receipt."""
    version, _, sealed = token[1:].partition(".")
    if token[:1] != "r":
        raise Refused
    key = hkdf(known(version, secrets.session), b"", "tipline/reporter-token/1")
    plain = open_seal(key, place("token", "reporter", NOBODY, NOBODY, int(version)), decode(sealed))
    return plain[:16], struct.unpack(">q", plain[16:24])[0], plain[24:]


def check_ticket(ticket, receipt, secrets):
    parts = ticket.split(".")
    if len(parts) != 4 or parts[0] != "1":
        raise Refused
    _, version, seconds, tag = parts
    digits = bytes(int(c) for c in receipt if c.isdigit())
    said = f"tipline/ticket/1|{version}|{seconds}"
    if not hmac.compare_digest(hkdf(known(version, secrets.token), sha256(digits), said), decode(tag)):
        raise Refused


def check_form(token, bound, secrets):
    """Under the current session secret or the one before it; a reader has no use for the difference."""
    given = decode(token)
    if not any(hmac.compare_digest(hkdf(key, sha256(bound), "tipline/form/1"), given) for key in secrets.session.values()):
        raise Refused


def read_checkpoint(line, keys):
    """Number and hash of the link that was signed."""
    try:
        said = json.loads(line)
        if set(said) != {"seq", "hash", "at", "key", "signature"}:
            raise Refused
        if line != json.dumps(said, separators=(",", ":")) or said["at"][10] != "T" or said["at"][-1] != "Z":
            raise Refused
        at = datetime.datetime.fromisoformat(said["at"])
        microseconds = (at - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)) // datetime.timedelta(microseconds=1)
        head = bytes.fromhex(said["hash"])
        if len(head) != 32 or head.hex() != said["hash"]:
            raise Refused
        signed = b"tipline/audit/checkpoint/1\0" + struct.pack(">iQ", said["key"], said["seq"]) + head
        key = Ed25519PublicKey.from_public_bytes(keys[said["key"]])
        key.verify(decode(said["signature"]), signed + struct.pack(">q", microseconds))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, struct.error, InvalidSignature):
        raise Refused from None
    return said["seq"], head


def checkpoint_keys(secrets):
    """The public halves, by version."""
    public = {}
    for version, key in secrets.audit.items():
        seed = hkdf(key, b"", "tipline/audit/checkpoint/1")
        public[version] = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return public


# 11

GENESIS = sha256(b"tipline/audit/genesis/1")


def leaf(fields):
    text = b"tipline/audit/leaf/1\0" + struct.pack(">Q", len(fields))
    return sha256(text + b"".join(b"\0" if field is None else b"\1" + struct.pack(">Q", len(field)) + field for field in fields))


def link_hash(seq, prev, leaf):
    return sha256(b"tipline/audit/link/1\0" + struct.pack(">Q", seq) + prev + leaf)


def check_mark(mark, link, version, secrets):
    key = hkdf(secrets.audit[version], b"", "tipline/audit/mark/1")
    if not hmac.compare_digest(hmac.digest(key, link, "sha256"), mark):
        raise Refused
