// The parser: scan, runs of records, columns, batches. A batch with bad values is made twice: the second time without
// the records that have them. That is rare, and costs the loops nothing.
#include "parser.hpp"

#include <algorithm>

#include <weir/cpp/quoted.hpp>

namespace weir::csv {
namespace {

constexpr std::size_t kMaxRows = 64 * 1024;

// Cuts the runs into pieces of at most kMaxRows rows, and calls each(runs, rows).
template <class Each>
void for_each_batch(const std::vector<Run>& runs, std::size_t width, Each&& each) {
  std::vector<Run> piece;
  std::size_t rows = 0;
  const auto finish = [&] {
    if (rows > 0) each(piece, rows);
    piece.clear();
    rows = 0;
  };
  for (Run run : runs) {
    while (run.rows > 0) {
      const std::size_t taken = std::min(run.rows, kMaxRows - rows);
      piece.push_back({run.first_field, taken});
      rows += taken;
      run.first_field += taken * width;
      run.rows -= taken;
      if (rows == kMaxRows) finish();
    }
  }
  finish();
}

Array origins_of(const Source& source) {
  std::vector<Buffer> buffers(2);
  buffers[1].resize(source.rows * sizeof(std::uint32_t));
  auto* to = buffers[1].as<std::uint32_t>();
  for (const Run& run : source.runs) {
    const std::uint32_t* at = source.chunk.scan.index.data() + run.first_field;
    for (std::size_t i = 0; i < run.rows; ++i) *to++ = at[i * source.width];
  }
  return make_array(static_cast<std::int64_t>(source.rows), 0, std::move(buffers));
}

// The runs without some rows. `rows`: ascending, each once; `fields`: where each of their records begins.
std::vector<Run> without(std::span<const Run> runs, const std::vector<std::size_t>& rows, std::size_t width,
                         std::vector<std::size_t>& fields) {
  std::vector<Run> kept;
  std::size_t row = 0, next = 0;
  for (const Run& run : runs) {
    std::size_t begin = 0;
    for (; next < rows.size() && rows[next] < row + run.rows; ++next) {
      const std::size_t at = rows[next] - row;
      fields.push_back(run.first_field + at * width);
      if (at > begin) kept.push_back({run.first_field + begin * width, at - begin});
      begin = at + 1;
    }
    if (run.rows > begin) kept.push_back({run.first_field + begin * width, run.rows - begin});
    row += run.rows;
  }
  return kept;
}

}  // namespace

std::unique_ptr<Scan> ScanPool::take() {
  const std::lock_guard lock(mutex_);
  if (scans_.empty()) return std::make_unique<Scan>();
  std::unique_ptr<Scan> scan = std::move(scans_.back());
  scans_.pop_back();
  return scan;
}

void ScanPool::give(std::unique_ptr<Scan> scan) {
  const std::lock_guard lock(mutex_);
  scans_.push_back(std::move(scan));
}

Parser::Parser(Marks marks, std::vector<std::string> nulls, std::vector<std::string> names, const ArrowSchema& schema,
               const Options& options)
    : marks_(marks), nulls_(std::move(nulls)), names_(std::move(names)) {
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    const ArrowSchema& field = *schema.children[i];
    const auto found = std::find(names_.begin(), names_.end(), std::string_view(field.name));
    plans_.push_back(plan_of(field, static_cast<std::size_t>(found - names_.begin()), options.declares(field.name)));
  }
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (std::none_of(plans_.begin(), plans_.end(), [&](const ColumnPlan& plan) { return plan.field == i; }))
      left_out_.push_back(i);
  }
}

void Parser::parse(std::string_view bytes, std::int64_t base, const Next& next) const {
  std::unique_ptr<Scan> scan = scans_->take();
  scan_fields(bytes, marks_, *scan);
  const Chunk chunk{bytes, *scan, marks_, base};
  const std::vector<Run> runs = find_runs(chunk, names_.size());
  for_each_batch(runs, names_.size(), [&](const std::vector<Run>& piece, std::size_t rows) {
    push(Source{chunk, piece, rows, names_.size(), nulls_}, next);
  });
  scans_->give(std::move(scan));
}

std::vector<Array> Parser::columns(const Source& source, std::vector<BadValue>& bad) const {
  if (source.chunk.scan.behind) {
    for (const std::size_t field : left_out_) check_quotes(field, source);
  }
  std::vector<Array> columns;
  columns.reserve(plans_.size());
  for (const ColumnPlan& plan : plans_) columns.push_back(make_column(plan, source, bad));
  return columns;
}

void Parser::push(const Source& source, const Next& next) const {
  std::vector<BadValue> bad;
  std::vector<Array> made = columns(source, bad);
  if (bad.empty()) {
    next.push(rows_of(static_cast<std::int64_t>(source.rows), std::move(made)), 0, origins_of(source),
              source.chunk.base);
    return;
  }
  // The first bad value of each row, as the row reads.
  std::sort(bad.begin(), bad.end(), [](const BadValue& a, const BadValue& b) {
    return a.row != b.row ? a.row < b.row : a.field.data() < b.field.data();
  });
  bad.erase(std::unique(bad.begin(), bad.end(), [](const auto& a, const auto& b) { return a.row == b.row; }),
            bad.end());
  std::vector<std::size_t> rows, fields;
  for (const BadValue& value : bad) rows.push_back(value.row);
  const std::vector<Run> kept = without(source.runs, rows, source.width, fields);
  made.clear();
  const Source rest{source.chunk, kept, source.rows - rows.size(), source.width, source.nulls};
  std::vector<BadValue> none;
  if (rest.rows > 0) {
    made = columns(rest, none);
    next.push(rows_of(static_cast<std::int64_t>(rest.rows), std::move(made)), 0, origins_of(rest), source.chunk.base);
  }
  for (std::size_t i = 0; i < bad.size(); ++i) reject(source, bad[i], fields[i], next);
}

void Parser::reject(const Source& source, const BadValue& value, std::size_t first_field, const Next& next) const {
  const Chunk& chunk = source.chunk;
  std::string scratch, fields = "{";
  for (std::size_t i = 0; i < source.width; ++i) {
    if (i > 0) fields += ',';
    append_json_text(fields, names_[i]);
    fields += ':';
    const std::string_view field = chunk.field(first_field + i, i + 1 == source.width);
    if (field.empty())
      fields += "null";
    else
      append_json_text(fields, text_of(chunk, field, scratch));
  }
  fields += '}';
  const std::string detail =
      "expected " + value.column->type + ", found " + quoted_for_message(text_of(chunk, value.field, scratch));
  const std::uint32_t begin = chunk.begin_of(first_field);
  const std::string_view last = chunk.field(first_field + source.width - 1, true);
  weir_reject reject{};
  weir_reject_clear(&reject);
  reject.offset = chunk.base + begin;
  reject.record = to_bytes(
      chunk.bytes.substr(begin, static_cast<std::size_t>(last.data() + last.size() - chunk.bytes.data()) - begin));
  reject.fields = to_bytes(fields);
  reject.column = to_weir(value.column->name);
  reject.reason = to_weir(value.reason);
  reject.detail = to_weir(detail);
  reject.within = value.field.data() - chunk.bytes.data() - begin;
  next.reject(reject);
}

}  // namespace weir::csv
