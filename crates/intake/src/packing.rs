//! Packed bytes: gzip and Zstandard, to their proven end.

use crate::bytes::{AnyLayer, Counted, Layer};
use crate::error::Cause;
use crate::faults::{PackingFault, Unit};
use flate2::bufread::{GzDecoder, MultiGzDecoder};
use model::Packing;
use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use zstd::stream::read::Decoder as ZstdDecoder;

/// Packed bytes read at a time.
const PACKED: usize = 1 << 18;

/// Up to here a file may be packed as tightly as its writer could.
pub(crate) const FREE: u64 = 64 << 20;

/// Beyond that, the most bytes that one packed byte may become: more than gzip can do (1,032).
pub(crate) const MOST_RATIO: u64 = 1_100;

/// What a gzip member starts with (RFC 1952, 2.3.1).
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// What a Zstandard frame starts with (RFC 8878, 3.1.1).
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// What is packed in the layer below. 0 bytes are read at its proven end only.
pub(crate) struct Unpacked<'a> {
    stream: Stream<'a>,
    given: u64,
}

type Below<'a> = BufReader<AnyLayer<'a>>;

enum Stream<'a> {
    Member(Box<GzDecoder<Below<'a>>>),
    Members(Box<MultiGzDecoder<Below<'a>>>),
    Frame(ZstdDecoder<'static, Below<'a>>),
    Frames(ZstdDecoder<'static, Below<'a>>),
}

impl<'a> Unpacked<'a> {
    pub(crate) fn new(below: AnyLayer<'a>, packing: Packing) -> io::Result<Self> {
        let below = BufReader::with_capacity(PACKED, below);
        let stream = match packing {
            Packing::None | Packing::Gzip => Stream::Member(Box::new(GzDecoder::new(below))),
            Packing::GzipMembers => Stream::Members(Box::new(MultiGzDecoder::new(below))),
            Packing::Zstd => Stream::Frame(ZstdDecoder::with_buffer(below)?.single_frame()),
            Packing::ZstdFrames => Stream::Frames(ZstdDecoder::with_buffer(below)?),
        };
        Ok(Self { stream, given: 0 })
    }

    fn below(&mut self) -> &mut Below<'a> {
        match &mut self.stream {
            Stream::Member(decoder) => decoder.get_mut(),
            Stream::Members(decoder) => decoder.get_mut(),
            Stream::Frame(decoder) | Stream::Frames(decoder) => decoder.get_mut(),
        }
    }

    fn unit(&self) -> Unit {
        match self.stream {
            Stream::Member(_) | Stream::Members(_) => Unit::Member,
            Stream::Frame(_) | Stream::Frames(_) => Unit::Frame,
        }
    }

    /// The stream has ended: whether it was one, and nothing stands behind it.
    fn prove_end(&mut self) -> io::Result<()> {
        if self.below().get_ref().given() == 0 {
            return Err(self.fault(PackingFault::Cut));
        }
        let (unit, below) = (self.unit(), self.below());
        let rest = loop {
            match below.fill_buf() {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                rest => break rest?,
            }
        };
        let magic = match unit {
            Unit::Member => &GZIP_MAGIC[..],
            Unit::Frame => &ZSTD_MAGIC[..],
        };
        let fault = match rest {
            [] => return Ok(()),
            rest if magic.starts_with(&rest[..rest.len().min(magic.len())]) => PackingFault::Second,
            _ => PackingFault::Trailing,
        };
        Err(self.fault(fault))
    }

    fn prove_ratio(&mut self) -> io::Result<()> {
        let packed = self.below().get_ref().given();
        if is_bomb(self.given, packed) {
            return Err(self.fault(PackingFault::Bomb));
        }
        Ok(())
    }

    /// Errors from below pass; those of the decoder become faults of the file.
    fn judge(&self, error: io::Error) -> io::Error {
        let from_below = error.raw_os_error().is_some()
            || error.kind() == ErrorKind::Interrupted
            || matches!(error.get_ref(), Some(inner) if inner.is::<Cause>());
        match error.kind() {
            _ if from_below => error,
            ErrorKind::UnexpectedEof => self.fault(PackingFault::Cut),
            _ => self.fault(PackingFault::Damaged),
        }
    }

    fn fault(&self, fault: PackingFault) -> io::Error {
        io::Error::other(Cause::Packing { unit: self.unit(), fault })
    }
}

impl Read for Unpacked<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let result = match &mut self.stream {
            Stream::Member(decoder) => decoder.read(into),
            Stream::Members(decoder) => decoder.read(into),
            Stream::Frame(decoder) | Stream::Frames(decoder) => decoder.read(into),
        };
        match result {
            Ok(0) if into.is_empty() => Ok(0),
            Ok(0) => self.prove_end().map(|()| 0),
            Ok(length) => {
                self.given += length as u64;
                self.prove_ratio().map(|()| length)
            }
            Err(error) => Err(self.judge(error)),
        }
    }
}

impl<'a> Layer<'a> for Unpacked<'a> {
    fn given(&self) -> u64 {
        self.given
    }

    fn file(self: Box<Self>) -> Box<Counted<'a>> {
        let below = match self.stream {
            Stream::Member(decoder) => decoder.into_inner(),
            Stream::Members(decoder) => decoder.into_inner(),
            Stream::Frame(decoder) | Stream::Frames(decoder) => decoder.finish(),
        };
        below.into_inner().file()
    }
}

/// Whether so few bytes cannot honestly hold so many.
pub(crate) fn is_bomb(unpacked: u64, packed: u64) -> bool {
    unpacked > FREE && unpacked / MOST_RATIO > packed
}
