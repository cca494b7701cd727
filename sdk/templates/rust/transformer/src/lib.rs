//! {{name}}: a transformer. It takes white space off the ends of the texts of a column.
use weir::{Batch, Config, Context, Next, Outputs, Result, Schema, TextBuilder, Traits, Transformer};

pub struct Trim {
    column: usize,
}

impl Transformer for Trim {
    fn traits(_config: &Config, traits: &mut Traits) -> Result<()> {
        traits.keeps_rows = 1; // output row i is always input row i
        Ok(())
    }

    fn create(context: &Context, inputs: &[Schema], outputs: &Outputs) -> Result<Self> {
        let column = inputs[0].column(context.config().text("/column"), "u", "/column")?;
        outputs.put(&inputs[0])?;
        Ok(Trim { column })
    }

    fn process(&mut self, _input: u64, batch: &mut Batch, next: &Next) -> Result<()> {
        let mut trimmed = TextBuilder::new();
        for text in batch.texts(self.column)?.iter() {
            trimmed.append_option(text.map(|text| text.trim_matches(&[' ', '\t', '\r', '\n'][..])));
        }
        let mut rows = batch.take();
        rows.replace(self.column, trimmed.finish());
        next.push(rows)
    }
}

weir::plugin! { transformer "{{name}}" => Trim }

#[cfg(test)]
mod tests {
    use super::*;
    use weir::testing::{options, transform, Value};
    use weir::Field;

    fn schema() -> Schema {
        Schema::new(vec![Field::int64("id"), Field::text("name")])
    }

    #[test]
    fn texts_are_trimmed() {
        let row = |name: Value| vec![1.into(), name];
        let rows = [row("  a b\t".into()), row(Value::Null), row(" ".into())];
        let outcome = transform::<Trim>(options(&[("/column", "name".into())]), &schema(), &rows).unwrap();
        assert_eq!(outcome.rows, [row("a b".into()), row(Value::Null), row("".into())]);
    }

    #[test]
    fn a_column_that_is_not_there_is_told() {
        let failure = transform::<Trim>(options(&[("/column", "nmae".into())]), &schema(), &[]).unwrap_err();
        assert_eq!(failure.message(), "expected a column of the input (id, name), found 'nmae'");
    }
}
