//! The one room with cryptography. Callers say what a thing is and who may open it; algorithms, nonces and lengths
//! stay in here.
//!
//! `secret` holds what must not be printed, `chance` is handed in, `app_secrets` are the keys outside the database.
//! `seal` seals to a key or to a key pair (`keys`), `quorum` splits a key, `escrow` puts an office's keys on paper.
//! `password`, `session`, `token` and `second_factor` serve officers; `receipt` and `ticket` serve residents, and
//! `source` keeps floods away from them; `form` guards what browsers send and show; `chain` serves who checks on all
//! of them; `backup` seals what leaves the machine.

#![forbid(unsafe_code)]

pub mod app_secrets;
pub mod backup;
pub mod chain;
pub mod chance;
pub mod digest;
pub mod escrow;
pub mod form;
mod kdf;
pub mod keys;
pub mod password;
pub mod quorum;
pub mod receipt;
pub mod seal;
pub mod second_factor;
pub mod secret;
pub mod session;
pub mod source;
pub mod ticket;
pub mod token;
