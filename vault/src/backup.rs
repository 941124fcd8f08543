//! Files that leave the machine: sealed as they are written, to an operator's key pair whose private half stays
//! elsewhere, and opened piece by piece.
//!
//! STREAM (Hoang, Reyhanitabar, Rogaway and Vizár, "Online Authenticated-Encryption and its Nonce-Reuse
//! Misuse-Resistance", CRYPTO 2015) over XChaCha20-Poly1305: each chunk's nonce holds its number and whether it is
//! the last, so that none can be changed, moved, left out, doubled or cut off unseen. The key is drawn for one file.

use std::io::{self, Read, Write};

use aead_stream::{DecryptorBE32, EncryptorBE32, Key, KeyInit, Nonce, StreamBE32};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chacha20poly1305::{XChaCha20Poly1305, aead::Payload};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    chance::Chance,
    kdf,
    keys::{self, BadKey, PrivateKey, PublicKey, SymmetricKey},
    seal::{self, Context, OpenError},
    secret::Secret,
};

/// What every file begins with.
const MAGIC: &[u8; 17] = b"tipline backup 1\n";

/// Content of a chunk; only the last is shorter.
pub const CHUNK: usize = 64 * 1024;

const TAG: usize = 16;

/// Suite byte, X-Wing's encapsulated key, the file's key and its tag.
const WRAP: usize = 1 + 1120 + 32 + TAG;

/// Bytes before the first chunk.
pub const HEADER: usize = MAGIC.len() + 16 + WRAP;

const PRIVATE: &str = "tipline-backup-private-1:";
const PUBLIC: &str = "tipline-backup-public-1:";

type Cipher = XChaCha20Poly1305;

/// Draws a key pair, as the lines that its two files hold.
pub fn generate_keys(chance: &Chance) -> (Secret<String>, String) {
    let (private, public) = keys::generate_pair(chance);
    let private = Zeroizing::new(BASE64_URL_SAFE_NO_PAD.encode(private.to_bytes()));
    (Secret::new(format!("{PRIVATE}{}\n", *private)), format!("{}\n", write_public(&public)))
}

fn write_public(key: &PublicKey) -> String {
    format!("{PUBLIC}{}", BASE64_URL_SAFE_NO_PAD.encode(key.to_bytes()))
}

/// Reads the private half.
pub fn read_private(text: &str) -> Result<PrivateKey, BadKey> {
    let bytes = text.trim().strip_prefix(PRIVATE).and_then(|text| BASE64_URL_SAFE_NO_PAD.decode(text).ok());
    PrivateKey::from_bytes(&Zeroizing::new(bytes.ok_or(BadKey)?))
}

/// Reads the public half.
pub fn read_public(text: &str) -> Result<PublicKey, BadKey> {
    let bytes = text.trim().strip_prefix(PUBLIC).and_then(|text| BASE64_URL_SAFE_NO_PAD.decode(text).ok());
    PublicKey::from_bytes(&bytes.ok_or(BadKey)?)
}

fn context(file: Uuid) -> Context {
    Context { purpose: "backup", row: file, owner: Uuid::nil(), version: 1 }
}

/// The file's cipher, and the part of the nonce that is the same in all chunks: no key serves two files.
fn cipher(file: Uuid, key: &[u8]) -> (Zeroizing<[u8; 32]>, Nonce<Cipher, StreamBE32<Cipher>>) {
    (kdf::expand(key, file.as_bytes(), "tipline/backup/1"), Nonce::<Cipher, StreamBE32<Cipher>>::default())
}

/// Seals what is written to it. Without `finish` the file is no backup: it does not open to its end.
pub struct Sealing<W: Write> {
    to: W,
    header: Vec<u8>,
    stream: EncryptorBE32<Cipher>,
    chunk: Zeroizing<Vec<u8>>,
}

impl<W: Write> Sealing<W> {
    /// Writes the header.
    pub fn begin(mut to: W, public: &PublicKey, chance: &Chance) -> io::Result<Self> {
        let (file, key) = (chance.uuid(), SymmetricKey::generate(chance));
        let wrap = seal::seal_to(public, &context(file), key.as_bytes(), chance);
        let header = [MAGIC.as_slice(), file.as_bytes(), &wrap].concat();
        to.write_all(&header)?;
        let (key, nonce) = cipher(file, key.as_bytes());
        let stream = EncryptorBE32::from_aead(Cipher::new(&Key::<Cipher>::from(*key)), &nonce);
        Ok(Self { to, header, stream, chunk: Zeroizing::new(Vec::with_capacity(CHUNK)) })
    }

    /// Seals the last chunk, and gives the file back.
    pub fn finish(self) -> io::Result<W> {
        let Self { mut to, header, stream, chunk } = self;
        let sealed = stream.encrypt_last(Payload { msg: &chunk, aad: &header }).map_err(|_| too_long())?;
        to.write_all(&sealed)?;
        to.flush()?;
        Ok(to)
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full chunk waits for what follows: whether it is the last is part of its seal.
        if self.chunk.len() == CHUNK && !bytes.is_empty() {
            let payload = Payload { msg: &self.chunk, aad: &self.header };
            let sealed = self.stream.encrypt_next(payload).map_err(|_| too_long())?;
            self.to.write_all(&sealed)?;
            self.chunk.clear();
        }
        let taken = bytes.len().min(CHUNK - self.chunk.len());
        self.chunk.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    /// Does nothing: a chunk is sealed when it is full.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// After 2^32 chunks, 256 TiB.
fn too_long() -> io::Error {
    io::Error::other("a backup is at most 256 TiB long")
}

/// Opens a file as it is read. The end is told only after the last chunk has opened as the last.
pub struct Opening<R: Read> {
    from: R,
    header: Vec<u8>,
    /// None: the last chunk was opened.
    stream: Option<DecryptorBE32<Cipher>>,
    /// The next chunk, sealed.
    ahead: Vec<u8>,
    chunk: Zeroizing<Vec<u8>>,
    taken: usize,
}

impl<R: Read> Opening<R> {
    /// Reads the header.
    pub fn begin(mut from: R, private: &PrivateKey) -> io::Result<Self> {
        let header = up_to(&mut from, HEADER)?;
        let rest = header.strip_prefix(MAGIC.as_slice()).filter(|_| header.len() == HEADER);
        let rest = rest.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "not a backup of tipline"))?;
        let (file, wrap) = rest.split_first_chunk::<16>().ok_or_else(broken)?;
        let file = Uuid::from_bytes(*file);
        let key = seal::open_from(private, &context(file), wrap);
        let key = key.map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "sealed to another key, or changed"))?;
        let (key, nonce) = cipher(file, &key);
        let stream = Some(DecryptorBE32::from_aead(Cipher::new(&Key::<Cipher>::from(*key)), &nonce));
        let ahead = up_to(&mut from, CHUNK + TAG)?;
        Ok(Self { from, header, stream, ahead, chunk: Zeroizing::new(Vec::new()), taken: 0 })
    }

    fn next(&mut self) -> io::Result<()> {
        let Some(mut stream) = self.stream.take() else { return Ok(()) };
        let following = up_to(&mut self.from, CHUNK + TAG)?;
        let payload = Payload { msg: &self.ahead, aad: &self.header };
        let opened = if following.is_empty() {
            stream.decrypt_last(payload)
        } else {
            let opened = stream.decrypt_next(payload);
            self.stream = Some(stream);
            opened
        };
        self.chunk = Zeroizing::new(opened.map_err(|_| broken())?);
        (self.ahead, self.taken) = (following, 0);
        Ok(())
    }
}

impl<R: Read> Read for Opening<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        while self.taken == self.chunk.len() && self.stream.is_some() {
            self.next()?;
        }
        let given = bytes.len().min(self.chunk.len() - self.taken);
        bytes[..given].copy_from_slice(&self.chunk[self.taken..self.taken + given]);
        self.taken += given;
        Ok(given)
    }
}

fn broken() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, OpenError)
}

/// As many bytes as there are, and no more than `length`.
fn up_to(from: &mut impl Read, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(length);
    from.take(length as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sealed(plain: &[u8], public: &PublicKey) -> Vec<u8> {
        let mut sealing = Sealing::begin(Vec::new(), public, &Chance::seeded(2)).unwrap();
        sealing.write_all(plain).unwrap();
        sealing.finish().unwrap()
    }

    fn opened(file: &[u8], private: &PrivateKey) -> io::Result<Vec<u8>> {
        let mut plain = Vec::new();
        Opening::begin(file, private)?.read_to_end(&mut plain)?;
        Ok(plain)
    }

    fn words(length: usize) -> Vec<u8> {
        (0..length).map(|at| u8::try_from(at * 7 % 251).unwrap()).collect()
    }

    #[test]
    fn what_is_sealed_opens_at_every_length_around_a_chunk() {
        let (private, public) = keys::generate_pair(&Chance::seeded(1));
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 5] {
            let file = sealed(&words(length), &public);
            assert_eq!(opened(&file, &private).unwrap(), words(length), "{length}");
            let chunks = length.div_ceil(CHUNK).max(1);
            assert_eq!(file.len(), HEADER + length + chunks * TAG);
        }
    }

    #[test]
    fn cut_doubled_swapped_or_lengthened_it_does_not_open() {
        let (private, public) = keys::generate_pair(&Chance::seeded(1));
        let file = sealed(&words(3 * CHUNK), &public);
        let (header, chunks) = file.split_at(HEADER);
        let chunks: Vec<&[u8]> = chunks.chunks(CHUNK + TAG).collect();
        let of = |picked: &[usize]| [header.to_vec(), picked.iter().map(|at| chunks[*at]).collect::<Vec<_>>().concat()];
        assert_eq!(opened(&of(&[0, 1, 2]).concat(), &private).unwrap(), words(3 * CHUNK));
        for picked in [&[][..], &[0], &[0, 1], &[1, 2], &[0, 2], &[2], &[1, 0, 2], &[0, 1, 1, 2], &[0, 1, 2, 2]] {
            assert!(opened(&of(picked).concat(), &private).is_err(), "{picked:?}");
        }
        for cut in [0, 1, MAGIC.len(), HEADER - 1, HEADER, HEADER + 5, file.len() - 1] {
            assert!(opened(&file[..cut], &private).is_err(), "{cut}");
        }
        assert!(opened(&[file.as_slice(), b"x"].concat(), &private).is_err());
        let (other, _) = keys::generate_pair(&Chance::seeded(3));
        assert!(opened(&file, &other).is_err());
    }

    #[test]
    fn a_chunk_of_another_file_is_refused() {
        let (private, public) = keys::generate_pair(&Chance::seeded(1));
        let one = sealed(&words(100), &public);
        let mut sealing = Sealing::begin(Vec::new(), &public, &Chance::seeded(9)).unwrap();
        sealing.write_all(&words(100)).unwrap();
        let other = sealing.finish().unwrap();
        assert!(opened(&[&one[..HEADER], &other[HEADER..]].concat(), &private).is_err());
    }

    #[test]
    fn keys_are_read_as_they_were_written() {
        let (private, public) = generate_keys(&Chance::seeded(4));
        let (private, read) = (read_private(private.expose()).unwrap(), read_public(&public).unwrap());
        assert_eq!(private.public(), read);
        for wrong in
            ["", "x", "tipline-backup-public-1:", "tipline-backup-private-1:AAAA", public.trim_end_matches("\n")]
        {
            assert!(read_private(wrong).is_err(), "{wrong}");
        }
        assert!(read_public("tipline-backup-public-1:AAAA").is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_changed_bit_is_found(at: prop::sample::Index, bit in 0u8..8) {
            let (private, public) = keys::generate_pair(&Chance::seeded(1));
            let mut file = sealed(&words(300), &public);
            let at = at.index(file.len());
            file[at] ^= 1u8 << bit;
            prop_assert!(opened(&file, &private).is_err());
        }
    }
}
