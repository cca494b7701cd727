//! checksum: a transformer in Rust. It adds a column with the CRC-32 of text columns.
use weir::{Batch, Config, Context, Failure, Field, Next, Outputs, Result, Schema, TextBuilder, Texts, Traits, Transformer};

pub struct Checksum {
    columns: Vec<usize>,
}

impl Transformer for Checksum {
    fn traits(_config: &Config, traits: &mut Traits) -> Result<()> {
        traits.keeps_rows = 1;
        Ok(())
    }

    fn create(context: &Context, inputs: &[Schema], outputs: &Outputs) -> Result<Self> {
        let config = context.config();
        let column = |(i, name): (usize, &str)| inputs[0].column(name, "u", &format!("/columns/{i}"));
        let columns = config.texts("/columns").into_iter().enumerate().map(column).collect::<Result<_>>()?;
        let name = config.text("/as");
        if inputs[0].index_of(name).is_some() {
            return Err(Failure::manifest("/as", format!("expected the name of a new column, found '{name}', which is there")));
        }
        let mut schema = inputs[0].clone();
        schema.fields.push(Field::text(name).not_null());
        outputs.put(&schema)?;
        Ok(Checksum { columns })
    }

    fn process(&mut self, _input: u64, batch: &mut Batch, next: &Next) -> Result<()> {
        let columns = self.columns.iter().map(|&column| batch.texts(column)).collect::<Result<Vec<_>>>()?;
        let mut sums = TextBuilder::new();
        for row in 0..batch.len() {
            sums.append(&format!("{:08x}", checksum(&columns, row)));
        }
        let mut rows = batch.take();
        rows.append(sums.finish());
        next.push(rows)
    }
}

fn checksum(columns: &[Texts], row: usize) -> u32 {
    let sum = columns.iter().fold(!0, |sum, column| match column.get(row) {
        None => crc32(sum, &u32::MAX.to_le_bytes()),
        Some(text) => crc32(crc32(sum, &(text.len() as u32).to_le_bytes()), text.as_bytes()),
    });
    !sum
}

/// Goes on with a sum that was begun with all ones, and is inverted in the end.
fn crc32(sum: u32, bytes: &[u8]) -> u32 {
    bytes.iter().fold(sum, |sum, &byte| sum >> 8 ^ TABLE[usize::from(sum as u8 ^ byte)])
}

static TABLE: [u32; 256] = table();

const fn table() -> [u32; 256] {
    let (mut table, mut i) = ([0; 256], 0);
    while i < 256 {
        let (mut sum, mut bit) = (i as u32, 0);
        while bit < 8 {
            sum = if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 };
            bit += 1;
        }
        table[i] = sum;
        i += 1;
    }
    table
}

weir::plugin! { transformer "checksum" => Checksum }

#[cfg(test)]
mod tests {
    use super::*;
    use weir::testing::{options, transform, Value};

    fn sums(rows: &[Vec<Value>]) -> Vec<Value> {
        let schema = Schema::new(vec![Field::text("a"), Field::text("b")]);
        let options = options(&[("/columns/0", "a".into()), ("/columns/1", "b".into()), ("/as", "sum".into())]);
        let outcome = transform::<Checksum>(options, &schema, rows).unwrap();
        outcome.rows.into_iter().map(|row| row[2].clone()).collect()
    }

    #[test]
    fn the_sum_is_the_one_of_zip() {
        assert_eq!(!crc32(!0, b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn values_do_not_run_into_each_other() {
        let rows = [["ab", "c"], ["a", "bc"], ["ab", "c"]].map(|row| row.map(Value::from).to_vec());
        let found = sums(&rows);
        assert_ne!(found[0], found[1]);
        assert_eq!(found[0], found[2]);
        let nulls = sums(&[vec![Value::Null, "".into()], vec!["".into(), Value::Null]]);
        assert_ne!(nulls[0], nulls[1]);
    }

    #[test]
    fn a_name_that_is_taken_is_told() {
        let schema = Schema::new(vec![Field::text("a")]);
        let options = options(&[("/columns/0", "a".into()), ("/as", "a".into())]);
        let failure = transform::<Checksum>(options, &schema, &[]).unwrap_err();
        assert_eq!(failure.message(), "expected the name of a new column, found 'a', which is there");
    }
}
