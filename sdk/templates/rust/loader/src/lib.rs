//! {{name}}: a loader. It writes a column as lines, into a file an epoch that gets its name when the epoch is committed.
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use weir::{Batch, Committer, Config, Context, Failure, Fault, Loader, Next, Outputs, Receipt, Reject, Result, Schema, Sink, Status, Traits};

pub struct LineFiles {
    folder: PathBuf,
    prefix: String,
    name: String,
    column: usize,
    lines: Vec<u8>, // of the epoch
    rows: i64,
}

/// Run and lane are in every name, so that what a dead writer left can be found by them. The dot hides what is not committed.
fn prefix_of(context: &Context) -> String {
    format!(".{}-{}-", context.run(), context.lane())
}

fn cannot(what: &str, file: &Path, problem: &std::io::Error) -> Failure {
    let message = format!("expected to {what} '{}', found: {problem}", file.display());
    Failure::new(Status::Unknown, Fault::Destination, message)
        .hint("see that the folder is there, and may be written")
        .native(problem.raw_os_error().unwrap_or(0).into())
}

impl Loader for LineFiles {
    type Committer = Publisher;

    fn traits(_config: &Config, traits: &mut Traits) -> Result<()> {
        traits.commit = weir::abi::WEIR_COMMIT_TWO_PHASE;
        traits.max_instances = 1;
        Ok(())
    }

    fn open(context: &Context, inputs: &[Schema], stored: &Outputs) -> Result<Self> {
        let name = context.config().text("/column").to_string();
        let column = inputs[0].column(&name, "u", "/column")?;
        stored.put(&inputs[0])?;
        let folder = context.config().text("/folder").into();
        Ok(LineFiles { folder, prefix: prefix_of(context), name, column, lines: Vec::new(), rows: 0 })
    }

    fn write(&mut self, _input: u64, batch: &mut Batch, next: &Next) -> Result<()> {
        for (row, text) in batch.texts(self.column)?.iter().enumerate() {
            match text {
                None => next.reject(Reject { row: row as i64, column: &self.name, reason: "null", ..Reject::default() })?,
                Some(text) => {
                    self.lines.extend_from_slice(text.as_bytes());
                    self.lines.push(b'\n');
                    self.rows += 1;
                }
            }
        }
        Ok(())
    }

    /// After it the epoch's lines are on the disk, and nobody sees them yet.
    fn prepare(&mut self, epoch: u64, committable: &Sink, receipts: &mut [&mut Receipt]) -> Result<()> {
        receipts[0].rows = self.rows;
        if self.rows == 0 {
            return Ok(());
        }
        let name = format!("{}{epoch}.txt", self.prefix);
        let path = self.folder.join(&name);
        let saved = File::create(&path).and_then(|mut file| file.write_all(&self.lines).and_then(|()| file.sync_all()));
        saved.map_err(|problem| cannot("write", &path, &problem))?;
        committable.put(name.as_bytes())?;
        self.lines.clear();
        self.rows = 0;
        Ok(())
    }
}

/// It may be in another process than the writers, which may be dead.
pub struct Publisher {
    folder: PathBuf,
    prefix: String,
}

impl Committer for Publisher {
    fn open(context: &Context) -> Result<Self> {
        Ok(Publisher { folder: context.config().text("/folder").into(), prefix: prefix_of(context) })
    }

    /// A file that is not there has its name already: by a call that never returned.
    fn commit(&mut self, _epoch: u64, committables: &[&[u8]], published: &Sink) -> Result<()> {
        for name in committables {
            let text = String::from_utf8_lossy(name);
            let from = self.folder.join(&*text);
            match fs::rename(&from, self.folder.join(&text[1..])) {
                Err(problem) if problem.kind() != ErrorKind::NotFound => return Err(cannot("rename", &from, &problem)),
                _ => published.put(name)?,
            }
        }
        Ok(())
    }

    /// Takes away every staged file of this lane from `epoch` on, told or not.
    fn abort(&mut self, epoch: u64, _committables: &[&[u8]]) -> Result<()> {
        let entries = fs::read_dir(&self.folder).map_err(|problem| cannot("read", &self.folder, &problem))?;
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let number = name.strip_prefix(&self.prefix).and_then(|rest| rest.strip_suffix(".txt")?.parse::<u64>().ok());
            if number.map_or(false, |number| number >= epoch) {
                fs::remove_file(entry.path()).map_err(|problem| cannot("remove", &entry.path(), &problem))?;
            }
        }
        Ok(())
    }
}

weir::plugin! { loader "{{name}}" => LineFiles }

#[cfg(test)]
mod tests {
    use super::*;
    use weir::testing::{load, options, Value};
    use weir::Field;

    #[test]
    fn lines_get_their_name_by_the_commit() {
        let folder = std::env::temp_dir().join(format!("{{name}}-{}", std::process::id()));
        fs::create_dir(&folder).unwrap();
        let options = options(&[("/folder", folder.to_str().unwrap().into()), ("/column", "message".into())]);
        let schema = Schema::new(vec![Field::text("message")]);
        let rows = [vec!["first".into()], vec![Value::Null], vec!["second".into()]];
        let outcome = load::<LineFiles>(options, &schema, &rows).unwrap();
        let files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        let text = fs::read_to_string(folder.join("run-1-lane-1.txt"));
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(files, ["run-1-lane-1.txt"]);
        assert_eq!(text.unwrap(), "first\nsecond\n");
        assert_eq!((outcome.stored, outcome.rejected.len(), outcome.rejected[0].0), (2, 1, 1));
    }
}
