//! {{name}}: an extractor. It counts from one number to another.
use weir::{Config, Context, Extractor, Field, Next, NumberBuilder, Outputs, Plan, Read, Result, Rows, Schema, Split, SplitToAdd, Traits};

const ROWS: i64 = 65536; // of a batch

pub struct Count {
    next: i64,
    last: i64,
}

impl Extractor for Count {
    fn traits(_config: &Config, traits: &mut Traits) -> Result<()> {
        // The same rows come again each time: the host counts them, and skips to where it was.
        traits.replay = weir::abi::WEIR_REPLAY_EXACT;
        Ok(())
    }

    /// One split holds all. Several would be read side by side.
    fn plan(_context: &Context, _state: &[u8], plan: &Plan) -> Result<bool> {
        plan.add(SplitToAdd { id: "all", ..SplitToAdd::default() })?;
        Ok(false)
    }

    fn open(context: &Context, _split: &Split, _position: &[u8], outputs: &Outputs) -> Result<Self> {
        outputs.put(&Schema::new(vec![Field::int64("n").not_null()]))?;
        let config = context.config();
        Ok(Count { next: config.integer("/from"), last: config.integer("/to") })
    }

    /// Pushes one batch. What waits for data looks at the deadline.
    fn read(&mut self, _deadline: i64, next: &Next) -> Result<Read> {
        if self.next > self.last {
            return Ok(Read::End);
        }
        let stop = self.last.min(self.next + ROWS - 1) + 1;
        let mut numbers = NumberBuilder::new();
        (self.next..stop).for_each(|number| numbers.append(number));
        self.next = stop;
        next.push(Rows::new(vec![numbers.finish()]))?;
        Ok(if self.next > self.last { Read::End } else { Read::More })
    }
}

weir::plugin! { extractor "{{name}}" => Count }

#[cfg(test)]
mod tests {
    use super::*;
    use weir::testing::{extract, options};

    fn count(from: i64, to: i64) -> usize {
        extract::<Count>(options(&[("/from", from.into()), ("/to", to.into())])).unwrap().rows.len()
    }

    #[test]
    fn each_number_is_a_row() {
        let outcome = extract::<Count>(options(&[("/from", 2.into()), ("/to", 4.into())])).unwrap();
        assert_eq!(outcome.rows, [vec![2.into()], vec![3.into()], vec![4.into()]]);
    }

    #[test]
    fn there_may_be_none_and_there_may_be_many() {
        assert_eq!(count(2, 1), 0);
        assert_eq!(count(1, 100_000), 100_000);
    }
}
