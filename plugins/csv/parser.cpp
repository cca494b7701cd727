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

// Puts where records stood in the place of where they begin as rewritten; ascending.
void put_origins(const Rewritten& rewritten, std::uint32_t* begins, std::size_t count) {
  auto record = rewritten.records.begin();
  for (std::size_t i = 0; i < count; ++i) {
    while (record->plain != begins[i]) ++record;
    begins[i] = record->begin;
  }
}

Array origins_column(const Source& source) {
  std::vector<Buffer> buffers(2);
  buffers[1].resize(source.rows * sizeof(std::uint32_t));
  auto* to = buffers[1].as<std::uint32_t>();
  for (const Run& run : source.runs) {
    const std::uint32_t* at = source.chunk.scan.index.data() + run.first_field;
    for (std::size_t i = 0; i < run.rows; ++i) *to++ = at[i * source.width];
  }
  if (source.chunk.rewritten != nullptr)
    put_origins(*source.chunk.rewritten, buffers[1].as<std::uint32_t>(), source.rows);
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

std::unique_ptr<Workspace> WorkspacePool::take() {
  const std::lock_guard lock(mutex_);
  if (workspaces_.empty()) return std::make_unique<Workspace>();
  std::unique_ptr<Workspace> workspace = std::move(workspaces_.back());
  workspaces_.pop_back();
  return workspace;
}

void WorkspacePool::give(std::unique_ptr<Workspace> workspace) {
  const std::lock_guard lock(mutex_);
  workspaces_.push_back(std::move(workspace));
}

Parser::Parser(const Options& options, std::vector<std::string> names, const ArrowSchema& schema)
    : lexer_(options.dialect), nulls_(options.nulls), names_(std::move(names)), ragged_(options.ragged) {
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    const ArrowSchema& field = *schema.children[i];
    const auto found = std::find(names_.begin(), names_.end(), std::string_view(field.name));
    ColumnPlan plan = plan_of(field, static_cast<std::size_t>(found - names_.begin()), options.declares(field.name));
    plan.absent = found == names_.end();
    plan.numbers = options.numbers;
    plan.pattern = options.pattern_of(plan.name);
    if (plan.pattern != nullptr) plan.type += " by " + plan.pattern->text();
    plan.zone = options.zone;
    plans_.push_back(std::move(plan));
  }
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (std::none_of(plans_.begin(), plans_.end(), [&](const ColumnPlan& plan) { return plan.field == i; }))
      left_out_.push_back(i);
  }
}

void Parser::parse(std::string_view bytes, std::int64_t base, const Next& next) const {
  std::unique_ptr<Workspace> workspace = workspaces_->take();
  {
    const Chunk chunk = scan_records(lexer_, bytes, nulls_, base, *workspace);
    const Records records = find_records(chunk, names_.size());
    const bool too_short = std::any_of(records.ragged.begin(), records.ragged.end(),
                                       [&](const Ragged& record) { return record.fields < names_.size(); });
    if (ragged_ == OnRagged::fill && too_short) {
      const Chunk filled = scan_records(lexer_, bytes, nulls_, base, *workspace, names_.size());
      parse(filled, find_records(filled, names_.size()), next);
    } else {
      parse(chunk, records, next);
    }
  }
  workspaces_->give(std::move(workspace));
}

void Parser::parse(const Chunk& chunk, const Records& records, const Next& next) const {
  if (ragged_ == OnRagged::error && !records.ragged.empty()) {
    const Ragged& first = records.ragged.front();
    const char* const hint = chunk.record(first.first_field, first.fields).starts_with('#')
                                 ? "is the line a comment? then say comment: \"#\""
                                 : "a field that holds the delimiter or a line break must be in quotes; ragged: reject "
                                   "or fill takes such rows";
    throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_DATA,
                  "expected " + fields_in_words(names_.size()) + ", found " + std::to_string(first.fields))
        .offset(chunk.base + chunk.origin_of(first.first_field))
        .hint(hint);
  }
  for_each_batch(records.runs, names_.size(), [&](const std::vector<Run>& piece, std::size_t rows) {
    push(Source{chunk, piece, rows, names_.size(), nulls_}, next);
  });
  for (const Ragged& record : records.ragged) reject(chunk, record, nullptr, next);
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
    next.push(rows_of(static_cast<std::int64_t>(source.rows), std::move(made)), 0, origins_column(source),
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
    next.push(rows_of(static_cast<std::int64_t>(rest.rows), std::move(made)), 0, origins_column(rest),
              source.chunk.base);
  }
  for (std::size_t i = 0; i < bad.size(); ++i) reject(source.chunk, {fields[i], source.width}, &bad[i], next);
}

// Rejects a record: for a value, or for the number of its fields.
void Parser::reject(const Chunk& chunk, const Ragged& record, const BadValue* value, const Next& next) const {
  std::string scratch, fields = "{";
  for (std::size_t i = 0; i < std::min(record.fields, names_.size()); ++i) {
    if (i > 0) fields += ',';
    append_json_text(fields, names_[i]);
    fields += ':';
    const std::string_view field = chunk.field(record.first_field + i, i + 1 == record.fields);
    if (field.empty())
      fields += "null";
    else
      append_json_text(fields, text_of(chunk, field, scratch));
  }
  fields += '}';
  weir_reject reject{};
  weir_reject_clear(&reject);
  const std::string_view bytes = chunk.record(record.first_field, record.fields);
  reject.offset = chunk.base + chunk.origin_of(record.first_field);
  reject.record = to_bytes(bytes);
  reject.fields = to_bytes(fields);
  if (value == nullptr) {
    const std::string reason =
        "expected " + fields_in_words(names_.size()) + ", found " + std::to_string(record.fields);
    reject.reason = to_weir(reason);
    return next.reject(reject);
  }
  const std::string detail =
      "expected " + value->column->type + ", found " + quoted_for_message(text_of(chunk, value->field, scratch));
  reject.column = to_weir(value->column->name);
  reject.reason = to_weir(value->reason);
  reject.detail = to_weir(detail);
  reject.within = chunk.rewritten == nullptr
                      ? value->field.data() - bytes.data()
                      : static_cast<std::int64_t>(lexer_.field_begin(bytes, value->column->field));
  next.reject(reject);
}

}  // namespace weir::csv
