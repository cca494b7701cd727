#include "run/reject_sorter.hpp"

#include <algorithm>
#include <optional>

#include "manifest/parse.hpp"
#include "pipeline/links/transform.hpp"
#include "run/plan.hpp"
#include "state/places.hpp"

namespace weir::run {
namespace {

namespace fs = std::filesystem;
using pipeline::Reject;

constexpr std::size_t kBatchRows = 4096;

std::string text_at(const ArrowArray& rows, std::size_t column, std::int64_t row) {
  const weir::BytesColumn<std::int32_t> values(*rows.children[column], rows.offset);
  return values.valid(row) ? std::string(values[row]) : std::string();
}

std::int64_t number_at(const ArrowArray& rows, std::size_t column, std::int64_t row, std::int64_t otherwise) {
  const weir::NumberColumn<std::int64_t> values(*rows.children[column], rows.offset);
  return values.valid(row) ? values[row] : otherwise;
}

// The columns are those of reject_schema().
Reject reject_at(const ArrowArray& rows, std::int64_t row) {
  Reject reject;
  reject.row = text_at(rows, 0, row);
  reject.reason = text_at(rows, 1, row);
  reject.column = text_at(rows, 2, row);
  reject.detail = text_at(rows, 3, row);
  reject.link = text_at(rows, 4, row);
  reject.stream = text_at(rows, 5, row);
  reject.split = text_at(rows, 6, row);
  reject.position = number_at(rows, 7, row, -1);
  reject.place.file = text_at(rows, 8, row);
  reject.place.line = static_cast<std::uint64_t>(std::max<std::int64_t>(number_at(rows, 9, row, 0), 0));
  reject.record = text_at(rows, 10, row);
  const std::string told = reject.column + ": ";
  if (!reject.column.empty() && reject.reason.starts_with(told)) reject.reason.erase(0, told.size());
  return reject;
}

RejectOrigin origin_of(const Reject& reject) {
  return {reject.stream, reject.split, reject.place.file, reject.position, reject.place.line};
}

}  // namespace

// Rows of texts that a load writes to a file, in one epoch.
class RejectSorter::ValueFile {
 public:
  using Row = std::vector<std::optional<std::string>>;

  ValueFile(std::unique_ptr<pipeline::Load> load, const std::vector<std::string>& columns)
      : load_(std::move(load)), columns_(columns.size()) {
    std::vector<weir::Schema> fields;
    for (const auto& name : columns) fields.push_back(weir::Schema::field("u", name));
    schema_ = weir::Schema::rows(std::move(fields));
    identity_.run = "replay";
    identity_.lane = "0";
    identity_.epoch = identity_.fence = 1;
  }

  base::Result<void> open() {
    std::vector<pipeline::WriterInput> inputs;
    inputs.push_back(
        {&schema_.get(), [](const Reject& reject) -> base::Result<void> { return base::unexpected(reject.error()); }});
    WEIR_TRY_ASSIGN(writer_, load_->open_writer(std::move(inputs), identity_, {}));
    return {};
  }
  base::Result<void> add(Row row) {
    rows_.push_back(std::move(row));
    return rows_.size() < kBatchRows ? base::Result<void>() : write();
  }
  base::Result<void> end() {
    WEIR_TRY(write());
    WEIR_TRY_ASSIGN(const auto prepared, writer_->prepare(1, true));
    writer_.reset();
    WEIR_TRY_ASSIGN(const auto committer, load_->open_committer(identity_));
    WEIR_TRY_ASSIGN(const auto published, committer->commit(1, prepared.committables));
    return committer->finish(true, published);
  }

 private:
  base::Result<void> write() {
    if (rows_.empty()) return {};
    std::vector<weir::Array> columns;
    for (std::size_t i = 0; i < columns_; ++i) {
      weir::TextBuilder column;
      for (const Row& row : rows_) {
        if (row[i])
          column.append(*row[i]);
        else
          column.append_null();
      }
      columns.push_back(column.finish());
    }
    pipeline::Batch batch;
    batch.rows = arrow::SharedArray(weir::rows_of(static_cast<std::int64_t>(rows_.size()), std::move(columns)));
    rows_.clear();
    return writer_->write(0, std::move(batch));
  }

  std::unique_ptr<pipeline::Load> load_;
  std::size_t columns_;
  weir::Schema schema_;
  pipeline::RunIdentity identity_;
  std::unique_ptr<pipeline::LoadWriter> writer_;
  std::vector<Row> rows_;
};

RejectSorter::RejectSorter(fs::path folder, std::vector<RejectEntry>& entries)
    : folder_(std::move(folder)), entries_(entries), lines_(entries.size()), values_(entries.size()) {}

RejectSorter::~RejectSorter() = default;

base::Result<void> RejectSorter::sort(pipeline::Source& source) {
  integrity::Account account;
  const pipeline::TakeReject refuse = [](const Reject& reject) -> base::Result<void> {
    return base::unexpected(reject.error());
  };
  pipeline::Outlet outlet(pipeline::outlet_setup(source, false), &account, refuse);
  const pipeline::Deliver deliver = [this, &source](pipeline::Batch batch) -> base::Result<void> {
    WEIR_TRY(pipeline::materialize(batch, source.schemas().front().get()));
    return take(batch);
  };
  for (std::size_t split = 0; split < source.splits().size(); ++split) {
    WEIR_TRY_ASSIGN(const auto reader, source.open(split, {}));
    for (bool last = false; !last;) {
      WEIR_TRY_ASSIGN(const auto piece, reader->read(outlet, deliver));
      if (piece.got && piece.to_parse) WEIR_TRY(reader->parse(piece, outlet, deliver));
      last = piece.last;
    }
  }
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (lines_[i] != nullptr && !lines_[i]->flush())
      return base::unexpected(state::unusable(entries_[i].file, "a file that can't be written"));
    lines_[i].reset();
    if (values_[i] != nullptr) WEIR_TRY(values_[i]->end());
  }
  return {};
}

base::Result<void> RejectSorter::take(const pipeline::Batch& batch) {
  for (std::int64_t row = 0; row < batch.rows.length(); ++row) WEIR_TRY(take(reject_at(batch.rows.get(), row)));
  return {};
}

base::Result<void> RejectSorter::take(Reject reject) {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&reject](const RejectEntry& entry) { return entry.link == reject.link; });
  if (found == entries_.end()) {
    return base::unexpected(
        base::manifest_error("replay.link_gone", "expected the link '" + reject.link +
                                                     "', which has rejected rows of the run, found "
                                                     "none of that name in the manifest")
            .with_hint("its rows enter in front of it: give the link that takes its place the name, "
                       "name: " +
                       reject.link));
  }
  RejectEntry& entry = *found;
  const auto number = static_cast<std::size_t>(found - entries_.begin());
  const bool is_row = !reject.row.empty();
  if (entry.as == RejectEntry::As::rows && is_row) {
    WEIR_TRY(write_line(number, reject.row));
  } else if (entry.as == RejectEntry::As::lines && (is_row || !reject.record.empty())) {
    WEIR_TRY(write_line(number, reject.record.empty() ? reject.row : reject.record));
  } else {
    // Of a record that was rejected for no column the row is not all there is.
    bool written = entry.as == RejectEntry::As::values && is_row && !reject.column.empty();
    if (written) {
      WEIR_TRY_ASSIGN(written, write_values(number, reject.row));
    }
    if (!written) {
      entry.carried.push_back(std::move(reject));
      return {};
    }
  }
  entry.origins.push_back(origin_of(reject));
  return {};
}

base::Result<void> RejectSorter::write_line(std::size_t entry, std::string text) {
  auto& file = lines_[entry];
  if (file == nullptr) {
    entries_[entry].file = folder_ / (entries_[entry].link + ".ndjson");
    file = std::make_unique<std::ofstream>(entries_[entry].file, std::ios::binary | std::ios::trunc);
  }
  // A line break in JSON is only ever space between its parts.
  std::replace_if(text.begin(), text.end(), [](char letter) { return letter == '\n' || letter == '\r'; }, ' ');
  if (!(*file << text << '\n'))
    return base::unexpected(state::unusable(entries_[entry].file, "a file that can't be written"));
  return {};
}

base::Result<bool> RejectSorter::write_values(std::size_t entry, const std::string& row) {
  RejectEntry& to = entries_[entry];
  auto source = manifest::make_source("row", row);
  if (!source) return false;
  const auto parsed = manifest::parse_json(*source);
  if (!parsed || parsed->kind != manifest::Kind::object) return false;
  ValueFile::Row values(to.columns.size());
  std::uint64_t line_ends = 0;
  for (const auto& member : parsed->members) {
    const auto column = std::find(to.columns.begin(), to.columns.end(), member.key);
    if (column == to.columns.end()) return false;
    const auto& value = member.value;
    if (value.kind == manifest::Kind::null) continue;
    std::string text =
        value.kind == manifest::Kind::text ? value.text : row.substr(value.where.offset, value.where.length);
    line_ends += static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
    values[static_cast<std::size_t>(column - to.columns.begin())] = std::move(text);
  }
  if (values_[entry] == nullptr) {
    to.file = folder_ / (to.link + ".records");
    WEIR_TRY_ASSIGN(auto load, to.load(to.file));
    values_[entry] = std::make_unique<ValueFile>(std::move(load), to.columns);
    WEIR_TRY(values_[entry]->open());
  }
  WEIR_TRY(values_[entry]->add(std::move(values)));
  to.line_ends.push_back(line_ends);
  return true;
}

std::vector<std::int64_t> record_offsets(const RejectEntry& entry) {
  std::ifstream in(entry.file, std::ios::binary);
  std::vector<std::int64_t> starts{0};
  std::int64_t at = 0;
  for (std::string line; std::getline(in, line); starts.push_back(at)) at += static_cast<std::int64_t>(line.size()) + 1;
  std::vector<std::int64_t> offsets;
  std::size_t lines = 0;
  for (std::size_t i = 0; i < entry.origins.size(); ++i)
    lines += 1 + (i < entry.line_ends.size() ? entry.line_ends[i] : 0);
  // The last of `starts` is the file's end; what the records leave of the lines is a header.
  if (starts.size() < lines + 1) return {};
  std::size_t line = starts.size() - 1 - lines;
  for (std::size_t i = 0; i < entry.origins.size(); ++i) {
    offsets.push_back(starts[line]);
    line += 1 + (i < entry.line_ends.size() ? entry.line_ends[i] : 0);
  }
  return offsets;
}

}  // namespace weir::run
