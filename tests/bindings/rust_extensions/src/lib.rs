//! Components that offer weir.state/1 and weir.pushdown/1, and ask for weir.memory/1.
use weir::{
    Array, Batch, Changes, Comparison, Context, Extractor, Failure, Fault, Field, Format, FormatReader, Input, Next, NoEncoder, NumberBuilder,
    Outputs, Plan, Pushed, Read, Reserved, Result, Rows, Schema, Sniff, Split, SplitToAdd, Status, Traits, Transformer, Wanted,
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
    fn wanted(wanted: &Wanted, outputs: &Outputs) -> Result<Self> {
        let names = wanted.columns();
        let mut from = 0;
        for condition in wanted.conditions() {
            let constant = condition.constant.map(|one| one.numbers::<i64>()).and_then(|one| one.ok()?.get(0));
            if let ("n", Comparison::GreaterOrEqual, Some(least)) = (condition.column, condition.is, constant) {
                from = least.clamp(from, ROWS);
            }
        }
        Squares::told(COLUMNS.into_iter().filter(|name| names.is_empty() || names.contains(name)).collect(), from, outputs)
    }
    fn rows(&self, numbers: &[i64]) -> Rows {
        let of = |name: &&str| -> Array {
            let mut column = NumberBuilder::new();
            numbers.iter().for_each(|n| column.append(if *name == "n" { *n } else { n * n }));
            column.finish()
        };
        Rows::new(self.columns.iter().map(of).collect())
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
        next.push(self.rows(&(self.from..ROWS).collect::<Vec<_>>()))?;
        Ok(Read::End)
    }
    const PUSHES_DOWN: bool = true;
    fn open_wanted(_: &Context, _: &Split, _: &[u8], wanted: &[Wanted], outputs: &Outputs) -> Result<Self> {
        Squares::wanted(&wanted[0], outputs)
    }
}

/// Numbers, a line each.
struct Squared {
    squares: Squares,
    text: Vec<u8>,
}

impl Format for Squared {
    type Reader = Squared;
    type Encoder = NoEncoder;
    fn sniff(found: &Sniff) -> i32 {
        if found.name().ends_with(".squared") { 90 } else { 0 }
    }
}

impl FormatReader for Squared {
    fn open(_: &Context, _: &mut Input, _: &[u8], outputs: &Outputs) -> Result<Self> {
        Ok(Squared { squares: Squares::told(COLUMNS.to_vec(), i64::MIN, outputs)?, text: Vec::new() })
    }
    fn read(&mut self, input: &mut Input, deadline: i64, next: &Next) -> Result<Read> {
        let mut piece = [0; 1 << 12];
        let (got, outcome) = input.read(&mut piece, deadline)?;
        self.text.extend_from_slice(&piece[..got]);
        if outcome != Read::End {
            return Ok(outcome);
        }
        let text = std::str::from_utf8(&self.text).map_err(|_| Failure::data(0, "expected a number, found another text"))?;
        let (mut numbers, mut origins, mut at) = (Vec::new(), Vec::new(), 0);
        for line in text.split_inclusive('\n') {
            let wrong = |_| Failure::data(at as i64, "expected a number, found another text");
            let number: i64 = line.strip_suffix('\n').unwrap_or(line).parse().map_err(wrong)?;
            if number >= self.squares.from {
                numbers.push(number);
                origins.push(at);
            }
            at += line.len() as u32;
        }
        next.push_as(self.squares.rows(&numbers), Pushed { origins: Some(&origins), base: 0, ..Pushed::default() })?;
        Ok(Read::End)
    }
    const PUSHES_DOWN: bool = true;
    fn open_wanted(_: &Context, _: &mut Input, _: &[u8], wanted: &Wanted, outputs: &Outputs) -> Result<Self> {
        Ok(Squared { squares: Squares::wanted(wanted, outputs)?, text: Vec::new() })
    }
}

weir::plugin! { transformer "running" => Running, extractor "squares" => Squares, format "squared" => Squared }
