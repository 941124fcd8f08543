//! What stands in a backup, one thing after the other: `u32` length, then a CBOR array (RFC 8949).

use std::{
    convert::Infallible,
    io::{self, Read, Write},
};

use chrono::{DateTime, Utc};
use minicbor::{Decoder, Encoder, data::Type, encode::Error};
use serde::{Deserialize, Serialize};

/// Longer than any row: the largest bodies that the doors take are far below.
const LONGEST: u32 = 256 * 1024 * 1024;

/// Layout of the records.
pub(super) const FORMAT: u32 = 1;

/// What a backup says of itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    /// Version of the program.
    pub program: String,
    pub taken_at: DateTime<Utc>,
    /// `sqlite` or `postgres`.
    pub database: String,
    /// The schema: migrations, in their order.
    pub migrations: Vec<String>,
    /// The audit chain as it was, signed: only who has the line's secrets can have made it.
    pub checkpoint: String,
}

/// One value of a row, in the form that both databases have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    Null,
    /// Whole numbers, and flags as 0 or 1.
    Integer(i64),
    /// Text, days (`2026-01-31`) and moments (RFC 3339, UTC).
    Text(String),
    /// Bytes and ids.
    Bytes(Vec<u8>),
}

#[derive(Clone, Debug)]
pub(super) enum Record {
    Manifest(Box<Manifest>),
    /// Rows of this table follow.
    Table {
        name: String,
        columns: Vec<String>,
    },
    Row(Vec<Cell>),
    /// That many rows were of this table.
    EndOfTable(u64),
    /// Nothing follows; that many rows were in all.
    End(u64),
}

pub(super) fn write(to: &mut impl Write, record: &Record) -> io::Result<()> {
    let mut bytes = vec![0; 4];
    encode(record, &mut bytes).map_err(io::Error::other)?;
    let length = u32::try_from(bytes.len() - 4).ok().filter(|length| *length <= LONGEST);
    let length = length.ok_or_else(|| io::Error::other("a row is longer than 256 MiB"))?;
    bytes[..4].copy_from_slice(&length.to_be_bytes());
    to.write_all(&bytes)
}

fn encode(record: &Record, bytes: &mut Vec<u8>) -> Result<(), Error<Infallible>> {
    let mut to = Encoder::new(bytes);
    match record {
        Record::Manifest(manifest) => {
            let json = serde_json::to_string(manifest).map_err(Error::message)?;
            to.array(2)?.u8(0)?.str(&json)?;
        }
        Record::Table { name, columns } => {
            to.array(3)?.u8(1)?.str(name)?.array(columns.len() as u64)?;
            for column in columns {
                to.str(column)?;
            }
        }
        Record::Row(cells) => {
            to.array(2)?.u8(2)?.array(cells.len() as u64)?;
            for cell in cells {
                match cell {
                    Cell::Null => to.null()?,
                    Cell::Integer(number) => to.i64(*number)?,
                    Cell::Text(text) => to.str(text)?,
                    Cell::Bytes(bytes) => to.bytes(bytes)?,
                };
            }
        }
        Record::EndOfTable(rows) => {
            to.array(2)?.u8(3)?.u64(*rows)?;
        }
        Record::End(rows) => {
            to.array(2)?.u8(4)?.u64(*rows)?;
        }
    }
    Ok(())
}

/// Reads the next record.
pub(super) fn read(from: &mut impl Read) -> io::Result<Record> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let length = u32::from_be_bytes(length);
    if length > LONGEST {
        return Err(malformed());
    }
    let mut bytes = Vec::new();
    from.take(length.into()).read_to_end(&mut bytes)?;
    let mut decoder = Decoder::new(&bytes);
    let record = decode(&mut decoder).map_err(|_| malformed())?;
    if decoder.position() == length as usize { Ok(record) } else { Err(malformed()) }
}

fn decode(from: &mut Decoder<'_>) -> Result<Record, minicbor::decode::Error> {
    let wrong = || minicbor::decode::Error::message("not a record");
    let parts = from.array()?.ok_or_else(wrong)?;
    match (parts, from.u8()?) {
        (2, 0) => {
            let manifest = serde_json::from_str(from.str()?).map_err(|_| wrong())?;
            Ok(Record::Manifest(Box::new(manifest)))
        }
        (3, 1) => {
            let name = from.str()?.to_owned();
            let count = from.array()?.ok_or_else(wrong)?;
            let columns = (0..count).map(|_| from.str().map(str::to_owned)).collect::<Result<_, _>>()?;
            Ok(Record::Table { name, columns })
        }
        (2, 2) => {
            let count = from.array()?.ok_or_else(wrong)?;
            Ok(Record::Row((0..count).map(|_| cell(from)).collect::<Result<_, _>>()?))
        }
        (2, 3) => Ok(Record::EndOfTable(from.u64()?)),
        (2, 4) => Ok(Record::End(from.u64()?)),
        (_, _) => Err(wrong()),
    }
}

fn cell(from: &mut Decoder<'_>) -> Result<Cell, minicbor::decode::Error> {
    match from.datatype()? {
        Type::Null => from.null().map(|()| Cell::Null),
        Type::String => from.str().map(|text| Cell::Text(text.to_owned())),
        Type::Bytes => from.bytes().map(|bytes| Cell::Bytes(bytes.to_owned())),
        _ => from.i64().map(Cell::Integer),
    }
}

pub(super) fn malformed() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "not as a backup is written")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let framed = [&u32::try_from(bytes.len()).unwrap().to_be_bytes(), bytes.as_slice()].concat();
            let _ = read(&mut framed.as_slice());
            let _ = read(&mut bytes.as_slice());
        }

        #[test]
        fn a_row_is_read_as_it_was_written(number: i64, text in ".*", bytes in prop::collection::vec(any::<u8>(), 0..99)) {
            let cells = vec![Cell::Null, Cell::Integer(number), Cell::Text(text), Cell::Bytes(bytes)];
            let mut written = Vec::new();
            write(&mut written, &Record::Row(cells.clone())).unwrap();
            let read = read(&mut written.as_slice()).unwrap();
            prop_assert!(matches!(read, Record::Row(found) if found == cells));
        }
    }
}
