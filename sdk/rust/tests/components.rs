//! Components of each kind behind their tables, as a host calls them.
use weir::testing::{extract, load, options, read, transform, write, Value};
use weir::*;

/// Puts a text column in capitals; misbehaves on certain words.
struct Shout(usize);

impl Transformer for Shout {
    fn create(context: &Context, inputs: &[Schema], outputs: &Outputs) -> Result<Self> {
        let column = inputs[0].column(context.config().text("/column"), "u", "/column")?;
        outputs.put(&inputs[0])?;
        Ok(Shout(column))
    }
    fn process(&mut self, _input: u64, batch: &mut Batch, next: &Next) -> Result<()> {
        let mut loud = TextBuilder::new();
        for text in batch.texts(self.0)?.iter() {
            assert_ne!(text, Some("panic"), "a word that it can't stand");
            if text == Some("reject") {
                next.reject(Reject { row: 0, column: "name", reason: "rejected", detail: "detail", ..Reject::default() })?;
                return next.drop_rows(batch.len() as u64 - 1, "the rest");
            }
            if text == Some("wrong type") {
                batch.numbers::<i64>(self.0)?;
            }
            loud.append_option(text.map(str::to_uppercase).as_deref());
        }
        let mut rows = batch.take();
        rows.replace(self.0, loud.finish());
        next.push(rows)
    }
}

fn schema() -> Schema {
    Schema::new(vec![Field::int64("id"), Field::text("name")])
}

fn rows(names: &[Option<&str>]) -> Vec<Vec<Value>> {
    let name = |name: &Option<&str>| name.map_or(Value::Null, Value::from);
    names.iter().enumerate().map(|(i, one)| vec![Value::from(i as i64), name(one)]).collect()
}

fn shout(names: &[Option<&str>]) -> Result<weir::testing::Outcome> {
    transform::<Shout>(options(&[("/column", "name".into())]), &schema(), &rows(names))
}

#[test]
fn a_transformer_changes_a_column_and_keeps_nulls() {
    let outcome = shout(&[Some("ann"), None, Some("zoë")]).unwrap();
    assert_eq!(outcome.rows, rows(&[Some("ANN"), None, Some("ZOË")]));
    assert_eq!(outcome.schemas, [schema()]);
    assert_eq!(shout(&[]).unwrap().rows, rows(&[]));
}

#[test]
fn a_row_is_rejected_and_the_others_dropped() {
    let outcome = shout(&[Some("reject"), None, None]).unwrap();
    assert_eq!(outcome.rejected, [(0, "name".into(), "rejected".into(), "detail".into())]);
    assert_eq!(outcome.dropped, 2);
}

#[test]
fn a_panic_is_an_error_of_the_plugin() {
    let failure = shout(&[Some("panic")]).unwrap_err();
    assert_eq!(failure.code(), weir::abi::WEIR_INTERNAL);
    assert!(failure.message().contains("a word that it can't stand"), "{failure}");
}

#[test]
fn a_column_is_read_by_its_type_alone() {
    let failure = shout(&[Some("wrong type")]).unwrap_err();
    assert_eq!(failure.message(), "column 'name': expected to read i64, found Arrow type 'u'");
}

#[test]
fn an_option_that_names_no_column_says_which_there_are() {
    let failure = transform::<Shout>(options(&[("/column", "nam".into())]), &schema(), &[]).unwrap_err();
    assert_eq!(failure.message(), "expected a column of the input (id, name), found 'nam'");
    let failure = transform::<Shout>(options(&[("/column", "id".into())]), &schema(), &[]).unwrap_err();
    assert_eq!(failure.message(), "column 'id': expected Arrow type 'u', found 'l'");
}

/// Passes on every second row that is in hand, and counts in its end what came.
struct Second(i64);

impl Transformer for Second {
    fn create(_: &Context, inputs: &[Schema], outputs: &Outputs) -> Result<Self> {
        outputs.put(&inputs[0])?;
        Ok(Second(0))
    }
    fn process(&mut self, _: u64, batch: &mut Batch, next: &Next) -> Result<()> {
        let picked: Vec<u32> = (0..batch.len() as u32).filter(|row| row % 2 == 1).collect();
        self.0 += batch.len() as i64;
        next.select(0, &picked)?;
        next.drop_rows(batch.len() as u64 - picked.len() as u64, "first")
    }
    const HOLDS_ROWS: bool = true;
    fn flush(&mut self, _: u64, why: Flush, next: &Next) -> Result<()> {
        let (mut id, mut name) = (NumberBuilder::new(), TextBuilder::new());
        id.append(self.0);
        name.append(if why == Flush::End { "rows" } else { "" });
        next.push(Rows::new(vec![id.finish(), name.finish()]))
    }
}

#[test]
fn rows_in_hand_are_selected_and_rows_held_are_flushed() {
    let outcome = transform::<Second>(options(&[]), &schema(), &rows(&[Some("a"), Some("b"), Some("c")])).unwrap();
    assert_eq!(outcome.rows, [vec![1.into(), "b".into()], vec![3.into(), "rows".into()]]);
    assert_eq!(outcome.dropped, 2);
    // No row at all is not every row.
    assert_eq!(transform::<Second>(options(&[]), &schema(), &rows(&[Some("a")])).unwrap().rows.len(), 1);
}

/// Counts from its split's token.
struct Count(i64, i64);

impl Extractor for Count {
    fn plan(context: &Context, state: &[u8], plan: &Plan) -> Result<bool> {
        assert!(state.is_empty());
        for from in context.config().texts("/from") {
            plan.add(SplitToAdd { id: from, token: from.as_bytes(), ..SplitToAdd::default() })?;
        }
        Ok(false)
    }
    fn open(_: &Context, split: &Split, _: &[u8], outputs: &Outputs) -> Result<Self> {
        outputs.put(&Schema::new(vec![Field::int64("n").not_null()]))?;
        let from = std::str::from_utf8(split.token()).unwrap().parse().unwrap();
        Ok(Count(from, from + 2))
    }
    fn read(&mut self, _: i64, next: &Next) -> Result<Read> {
        let mut numbers = NumberBuilder::new();
        numbers.append(self.0);
        next.push(Rows::new(vec![numbers.finish()]))?;
        self.0 += 1;
        Ok(if self.0 == self.1 { Read::End } else { Read::More })
    }
}

#[test]
fn an_extractor_reads_each_split() {
    let outcome = extract::<Count>(options(&[("/from/0", "1".into()), ("/from/1", "7".into())])).unwrap();
    assert_eq!(outcome.rows, [[1.into()], [2.into()], [7.into()], [8.into()] as [Value; 1]]);
    assert!(!outcome.schemas[0].fields[0].nullable);
}

/// Sums, and publishes the sum.
struct Sum(f64);
struct Publish;

impl Loader for Sum {
    type Committer = Publish;
    fn open(_: &Context, inputs: &[Schema], stored: &Outputs) -> Result<Self> {
        stored.put(&inputs[0])?;
        Ok(Sum(0.0))
    }
    fn write(&mut self, _: u64, batch: &mut Batch, _: &Next) -> Result<()> {
        let numbers = batch.numbers::<f64>(0)?;
        self.0 += (0..batch.len()).filter_map(|row| numbers.get(row)).sum::<f64>();
        Ok(())
    }
    fn prepare(&mut self, _: u64, committable: &Sink, receipts: &mut [&mut Receipt]) -> Result<()> {
        receipts[0].rows = 3;
        committable.put(self.0.to_string().as_bytes())
    }
}

impl Committer for Publish {
    fn open(_: &Context) -> Result<Self> {
        Ok(Publish)
    }
    fn commit(&mut self, epoch: u64, committables: &[&[u8]], published: &Sink) -> Result<()> {
        published.put(&[b"published ", committables[0], b" of ", epoch.to_string().as_bytes()].concat())
    }
}

#[test]
fn a_loader_is_prepared_and_its_committer_publishes() {
    let schema = Schema::new(vec![Field::float64("x")]);
    let outcome = load::<Sum>(options(&[]), &schema, &[vec![1.5.into()], vec![Value::Null], vec![2.0.into()]]).unwrap();
    assert_eq!(outcome.bytes, [b"published 3.5 of 1"]);
    assert_eq!(outcome.stored, 3);
}

/// A byte a row.
struct Octets;
struct OctetReader(i64);
struct OctetWriter;

impl Format for Octets {
    type Reader = OctetReader;
    type Encoder = OctetWriter;
    fn sniff(found: &Sniff) -> i32 {
        if found.name().ends_with(".octets") { 90 } else { 0 }
    }
}

impl FormatReader for OctetReader {
    fn open(_: &Context, _: &mut Input, _: &[u8], outputs: &Outputs) -> Result<Self> {
        outputs.put(&Schema::new(vec![Field::int64("octet")]))?;
        Ok(OctetReader(0))
    }
    fn read(&mut self, input: &mut Input, deadline: i64, next: &Next) -> Result<Read> {
        let mut buffer = [0; 16];
        let (got, outcome) = input.read(&mut buffer, deadline)?;
        let (mut octets, origins): (_, Vec<u32>) = (NumberBuilder::new(), (0..got as u32).collect());
        buffer[..got].iter().for_each(|&octet| octets.append(i64::from(octet)));
        next.push_as(Rows::new(vec![octets.finish()]), Pushed { origins: Some(&origins), base: self.0, ..Pushed::default() })?;
        self.0 += got as i64;
        Ok(outcome)
    }
}

impl Encoder for OctetWriter {
    fn open(_: &Context, input: &Schema, stored: &Outputs, _: &Output) -> Result<Self> {
        stored.put(input)?;
        Ok(OctetWriter)
    }
    fn encode(&mut self, batch: &mut Batch, output: &Output, _: &Next) -> Result<()> {
        let octets = batch.numbers::<i64>(0)?;
        let bytes: Vec<u8> = octets.values().iter().map(|&octet| octet as u8).collect();
        output.write(&bytes)
    }
    fn end(&mut self, output: &Output) -> Result<()> {
        output.write(b".")
    }
}

#[test]
fn a_format_reads_pieces_and_writes_rows() {
    let outcome = read::<Octets>(options(&[]), b"AB\n", 2).unwrap();
    assert_eq!(outcome.rows, [[65.into()], [66.into()], [10.into()] as [Value; 1]]);
    let written = write::<Octets>(options(&[]), &outcome.schemas[0], &outcome.rows).unwrap();
    assert_eq!(written.bytes, [b"AB\n."]);
}

/// Takes decimals, lists and structs apart, and puts them together again: each list is turned round.
struct Turn;

impl Transformer for Turn {
    fn create(_: &Context, inputs: &[Schema], outputs: &Outputs) -> Result<Self> {
        outputs.put(&inputs[0])?;
        Ok(Turn)
    }
    fn process(&mut self, _: u64, batch: &mut Batch, next: &Next) -> Result<()> {
        let (prices, pairs) = (batch.decimals(0)?, batch.structs(1)?);
        assert_eq!((prices.precision(), prices.scale()), (12, 2));
        let (names, lists) = (pairs.field("name")?.texts()?, pairs.field("ids")?.lists()?);
        let ids = lists.items().numbers::<i64>()?;
        let (mut price, mut name, mut id) = (DecimalBuilder::new(), TextBuilder::new(), NumberBuilder::new());
        let (mut list, mut pair) = (ListBuilder::new(), StructBuilder::new());
        for row in 0..batch.len() {
            price.append_option(prices.get(row).map(|price| -price));
            name.append_option(names.get(row));
            match lists.get(row) {
                None => list.append_null(),
                Some(items) => {
                    list.append(items.len());
                    items.rev().for_each(|i| id.append_option(ids.get(i)));
                }
            }
            if pairs.valid(row) { pair.append() } else { pair.append_null() }
        }
        let pair = pair.finish(vec![name.finish(), list.finish(id.finish())]);
        next.push(Rows::new(vec![price.finish(), pair]))
    }
}

fn pair(name: Value, ids: Value) -> Value {
    Value::Struct(vec![name, ids])
}

#[test]
fn decimals_lists_and_structs_are_read_and_built() {
    let list = Field::list("ids", Field::int64("item"));
    let schema = Schema::new(vec![Field::decimal("price", 12, 2), Field::structure("pair", vec![Field::text("name"), list])]);
    let ids = |ids: &[i64]| Value::List(ids.iter().map(|&id| id.into()).collect());
    let rows = [
        vec![Value::Decimal(1234), pair("ann".into(), ids(&[1, 2, 3]))],
        vec![Value::Null, Value::Null],
        vec![Value::Decimal(-(1 << 100)), pair(Value::Null, Value::Null)],
        vec![Value::Decimal(0), pair("bob".into(), ids(&[]))],
        vec![Value::Decimal(1), pair("zoë".into(), ids(&[4, 5]))],
    ];
    let outcome = transform::<Turn>(options(&[]), &schema, &rows).unwrap();
    assert_eq!(outcome.schemas, [schema]);
    assert_eq!(outcome.rows[0], [Value::Decimal(-1234), pair("ann".into(), ids(&[3, 2, 1]))]);
    assert_eq!(outcome.rows[1], rows[1]);
    assert_eq!(outcome.rows[2], [Value::Decimal(1 << 100), pair(Value::Null, Value::Null)]);
    assert_eq!(outcome.rows[3], rows[3]);
    assert_eq!(outcome.rows[4], [Value::Decimal(-1), pair("zoë".into(), ids(&[5, 4]))]);
}
