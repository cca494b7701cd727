//! Components that offer weir.state/1 and weir.pushdown/1, and ask for weir.memory/1.
use weir::{
    Array, Batch, Changes, Comparison, Context, Extractor, Failure, Fault, Field, Next, NumberBuilder, Outputs, Plan, Read, Reserved, Result,
    Rows, Schema, Split, SplitToAdd, Status, Traits, Transformer, Wanted,
};

struct Running {
    column: usize,
    sum: i64,
    told: Option<i64>,
    _memory: Reserved,
}

impl Transformer for Running {
    fn traits(_: &weir::Config, traits: &mut Traits) -> Result<()> {
        traits.scope = weir::abi::WEIR_SCOPE_RUN;
        traits.ordered = 1;
        traits.keeps_rows = 1;
        Ok(())
    }
    fn create(context: &Context, inputs: &[Schema], outputs: &Outputs) -> Result<Self> {
        let column = inputs[0].column(context.config().text("/column"), "l", "/column")?;
        let mut schema = inputs[0].clone();
        schema.fields.push(Field::int64("running").not_null());
        outputs.put(&schema)?;
        let mut memory = context.reserved();
        memory.set(1 << 10)?;
        Ok(Running { column, sum: 0, told: None, _memory: memory })
    }
    fn process(&mut self, _: u64, batch: &mut Batch, next: &Next) -> Result<()> {
        let mut running = NumberBuilder::new();
        let numbers = batch.numbers::<i64>(self.column)?;
        for row in 0..batch.len() {
            self.sum = self.sum.wrapping_add(numbers.get(row).unwrap_or_default());
            running.append(self.sum);
        }
        let mut rows = batch.take();
        rows.append(running.finish());
        next.push(rows)
    }
    const REMEMBERS: bool = true;
    fn snapshot(&mut self, changes: &Changes) -> Result<()> {
        if self.told != Some(self.sum) {
            changes.put(b"sum", &self.sum.to_le_bytes())?;
        }
        self.told = Some(self.sum);
        Ok(())
    }
    fn restore(&mut self, items: &[(&[u8], &[u8])], _: bool) -> Result<()> {
        for (key, value) in items {
            let foreign = |_| Failure::new(Status::FailedPrecondition, Fault::Data, "expected a sum, found another item");
            let bytes = if *key == b"sum" { *value } else { &[] };
            self.sum = i64::from_le_bytes(bytes.try_into().map_err(foreign)?);
        }
        Ok(())
    }
}

/// The columns that are made, and from where on.
struct Squares {
    columns: Vec<&'static str>,
    from: i64,
}

const COLUMNS: [&str; 2] = ["n", "square"];
const ROWS: i64 = 100;

impl Squares {
    fn told(columns: Vec<&'static str>, from: i64, outputs: &Outputs) -> Result<Self> {
        outputs.put(&Schema::new(columns.iter().map(|&name| Field::int64(name).not_null()).collect()))?;
        Ok(Squares { columns, from })
    }
}

impl Extractor for Squares {
    fn plan(_: &Context, _: &[u8], plan: &Plan) -> Result<bool> {
        plan.add(SplitToAdd { id: "all", ..SplitToAdd::default() })?;
        Ok(false)
    }
    fn open(_: &Context, _: &Split, _: &[u8], outputs: &Outputs) -> Result<Self> {
        Squares::told(COLUMNS.to_vec(), 0, outputs)
    }
    fn read(&mut self, _: i64, next: &Next) -> Result<Read> {
        let of = |name: &&str| -> Array {
            let mut numbers = NumberBuilder::new();
            (self.from..ROWS).for_each(|n| numbers.append(if *name == "n" { n } else { n * n }));
            numbers.finish()
        };
        next.push(Rows::new(self.columns.iter().map(of).collect()))?;
        Ok(Read::End)
    }
    const PUSHES_DOWN: bool = true;
    fn open_wanted(_: &Context, _: &Split, _: &[u8], wanted: &[Wanted], outputs: &Outputs) -> Result<Self> {
        let names = wanted[0].columns();
        let mut from = 0;
        for condition in wanted[0].conditions() {
            let constant = condition.constant.map(|one| one.numbers::<i64>()).and_then(|one| one.ok()?.get(0));
            if let ("n", Comparison::GreaterOrEqual, Some(least)) = (condition.column, condition.is, constant) {
                from = least.clamp(from, ROWS);
            }
        }
        Squares::told(COLUMNS.into_iter().filter(|name| names.is_empty() || names.contains(name)).collect(), from, outputs)
    }
}

weir::plugin! { transformer "running" => Running, extractor "squares" => Squares }
