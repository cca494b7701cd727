//! {{name}}: a format. It reads each line of a text as a row, and writes rows as lines.
use weir::{Batch, Context, Encoder, Failure, Field, Format, FormatReader, Input, Next, Output, Outputs, Pushed, Read, Result, Rows};
use weir::{Fault, Schema, Sniff, Status, TextBuilder};

const PIECE: usize = 1 << 20; // bytes that are read at once

pub struct Lines;

impl Format for Lines {
    type Reader = LineReader;
    type Encoder = LineWriter;
    fn sniff(found: &Sniff) -> i32 {
        if found.name().ends_with(".{{name}}") { 90 } else { 0 }
    }
}

pub struct LineReader {
    bytes: Vec<u8>, // room for a piece behind those that are kept: its zeros are written once, not for each piece
    kept: usize,    // read, and not pushed yet
    offset: i64,    // in the input, of the first of them
}

impl FormatReader for LineReader {
    fn open(context: &Context, _input: &mut Input, _position: &[u8], outputs: &Outputs) -> Result<Self> {
        outputs.put(&Schema::new(vec![Field::text(context.config().text("/column"))]))?;
        Ok(LineReader { bytes: vec![0; PIECE], kept: 0, offset: 0 })
    }

    /// Reads a piece, and pushes the lines that end in it, each with the place where it began.
    fn read(&mut self, input: &mut Input, deadline: i64, next: &Next) -> Result<Read> {
        self.bytes.resize(self.bytes.len().max(self.kept + PIECE), 0);
        let (got, outcome) = input.read(&mut self.bytes[self.kept..], deadline)?;
        self.kept += got;
        let end = match outcome {
            Read::End => self.kept,
            _ => self.bytes[..self.kept].iter().rposition(|&byte| byte == b'\n').map_or(0, |last| last + 1),
        };
        if end > 0 {
            self.push(end, next)?;
        }
        Ok(outcome)
    }
}

impl LineReader {
    fn push(&mut self, end: usize, next: &Next) -> Result<()> {
        let text = std::str::from_utf8(&self.bytes[..end]).map_err(|problem| {
            Failure::data(self.offset + problem.valid_up_to() as i64, "expected UTF-8, found another byte")
        })?;
        let (mut lines, mut origins) = (TextBuilder::new(), Vec::new());
        let mut begin = 0;
        for line in text.split_inclusive('\n') {
            let bare = line.strip_suffix('\n').unwrap_or(line);
            lines.append(bare.strip_suffix('\r').unwrap_or(bare));
            origins.push(begin);
            begin += line.len() as u32;
        }
        let how = Pushed { origins: Some(&origins), base: self.offset, ..Pushed::default() };
        next.push_as(Rows::new(vec![lines.finish()]), how)?;
        self.bytes.copy_within(end..self.kept, 0);
        self.kept -= end;
        self.offset += end as i64;
        Ok(())
    }
}

pub struct LineWriter;

impl Encoder for LineWriter {
    fn open(_context: &Context, input: &Schema, stored: &Outputs, _output: &Output) -> Result<Self> {
        if input.fields.len() != 1 || input.fields[0].format != "u" {
            let message = "expected one column of type string, found others";
            return Err(Failure::new(Status::InvalidArgument, Fault::Manifest, message).hint("a select before the load can keep one"));
        }
        stored.put(input)?;
        Ok(LineWriter)
    }

    fn encode(&mut self, batch: &mut Batch, output: &Output, _next: &Next) -> Result<()> {
        let mut bytes = Vec::new();
        for text in batch.texts(0)?.iter() {
            bytes.extend_from_slice(text.unwrap_or_default().as_bytes());
            bytes.push(b'\n');
        }
        output.write(&bytes)
    }

    // All rows are in the output already, so a file may go on after a checkpoint.
    const FLUSHES: bool = true;
}

weir::plugin! { format "{{name}}" => Lines }

#[cfg(test)]
mod tests {
    use super::*;
    use weir::testing::{options, read, write, Value};

    #[test]
    fn lines_are_the_same_by_any_pieces() {
        for step in 1..9 {
            let outcome = read::<Lines>(options(&[("/column", "line".into())]), b"a\r\n\nbc", step).unwrap();
            assert_eq!(outcome.rows, [vec!["a".into()], vec!["".into()], vec!["bc".into()]]);
        }
        assert!(read::<Lines>(options(&[]), b"", 1).unwrap().rows.is_empty());
    }

    #[test]
    fn bytes_that_are_no_text_are_told() {
        let failure = read::<Lines>(options(&[]), b"ab\n\xff\n", 100).unwrap_err();
        assert_eq!(failure.message(), "expected UTF-8, found another byte");
    }

    #[test]
    fn rows_become_lines() {
        let schema = Schema::new(vec![Field::text("line")]);
        let outcome = write::<Lines>(options(&[]), &schema, &[vec!["a".into()], vec![Value::Null]]).unwrap();
        assert_eq!(outcome.bytes, [b"a\n\n"]);
    }
}
