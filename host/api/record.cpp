#include <weir/api/record.hpp>

#include <cstring>
#include <limits>

#include <weir/arrow.hpp>

#include "api/rows.hpp"
#include "arrow/json.hpp"
#include "arrow/schema.hpp"

namespace weir::api {
namespace {

template <class T>
std::int64_t integer_at(const ArrowArray& column, std::int64_t row) {
  return static_cast<std::int64_t>(weir::NumberColumn<T>(column)[row]);
}

// The letter of a type of one letter; 0: another, or the index of a dictionary.
char plain_format(const ArrowSchema& field) {
  const bool plain = field.dictionary == nullptr && std::strlen(field.format) == 1;
  return plain ? field.format[0] : '\0';
}

}  // namespace

std::optional<std::size_t> Record::find(std::string_view name) const {
  for (std::size_t i = 0; i < size(); ++i) {
    if (this->name(i) == name) return i;
  }
  return std::nullopt;
}

bool Record::is_null(std::size_t column) const {
  if (plain_format(*schema_->children[column]) == 'n') return true;
  const ArrowArray& values = *rows_->children[column];
  // A dense or sparse union has no validity of its own; null stands in its children, which JSON looks into.
  if (schema_->children[column]->format[0] == '+' && schema_->children[column]->format[1] == 'u') return false;
  return !weir::Validity(values, rows_->offset).valid(row_);
}

std::optional<bool> Record::boolean(std::size_t column) const {
  if (plain_format(*schema_->children[column]) != 'b' || is_null(column)) return std::nullopt;
  return weir::BooleanColumn(*rows_->children[column])[row_ + rows_->offset];
}

std::optional<std::int64_t> Record::integer(std::size_t column) const {
  const char format = plain_format(*schema_->children[column]);
  if (format == 0 || is_null(column)) return std::nullopt;
  const ArrowArray& values = *rows_->children[column];
  const std::int64_t row = row_ + rows_->offset;
  switch (format) {
    case 'c': return integer_at<std::int8_t>(values, row);
    case 'C': return integer_at<std::uint8_t>(values, row);
    case 's': return integer_at<std::int16_t>(values, row);
    case 'S': return integer_at<std::uint16_t>(values, row);
    case 'i': return integer_at<std::int32_t>(values, row);
    case 'I': return integer_at<std::uint32_t>(values, row);
    case 'l': return integer_at<std::int64_t>(values, row);
    case 'L': {
      const std::uint64_t value = weir::NumberColumn<std::uint64_t>(values)[row];
      if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
      return static_cast<std::int64_t>(value);
    }
    default: return std::nullopt;
  }
}

std::optional<double> Record::real(std::size_t column) const {
  constexpr std::int64_t kExact = 1LL << 53U;  // every integer up to here is a double
  if (const auto whole = integer(column)) {
    if (*whole > kExact || *whole < -kExact) return std::nullopt;
    return static_cast<double>(*whole);
  }
  const char format = plain_format(*schema_->children[column]);
  if (format == 0 || is_null(column)) return std::nullopt;
  const ArrowArray& values = *rows_->children[column];
  const std::int64_t row = row_ + rows_->offset;
  if (format == 'f') return static_cast<double>(weir::NumberColumn<float>(values)[row]);
  if (format == 'g') return weir::NumberColumn<double>(values)[row];
  return std::nullopt;
}

std::optional<std::string_view> Record::text(std::size_t column) const {
  const std::string_view format = schema_->children[column]->format;
  if (schema_->children[column]->dictionary != nullptr || is_null(column)) return std::nullopt;
  const ArrowArray& values = *rows_->children[column];
  const std::int64_t row = row_ + rows_->offset;
  if (format == "u" || format == "z") return weir::TextColumn(values)[row];
  if (format == "U" || format == "Z") return weir::LargeTextColumn(values)[row];
  if (format == "vu" || format == "vz") return weir::ViewColumn(values)[row];
  return std::nullopt;
}

std::string Record::json(std::size_t column) const {
  std::string out;
  arrow::append_value_as_json(out, *rows_->children[column], *schema_->children[column], row_ + rows_->offset);
  return out;
}

std::string Record::json() const {
  std::string out;
  arrow::append_row_as_json(out, *rows_, *schema_, row_);
  return out;
}

std::uint64_t DatasetSnapshot::total_count() const { return rows_->total_count; }
bool DatasetSnapshot::complete() const { return rows_->complete; }
std::int64_t DatasetSnapshot::taken_unix_ns() const { return rows_->taken_unix_ns; }
const std::vector<ColumnInfo>& DatasetSnapshot::columns() const { return rows_->columns; }
const ArrowSchema& DatasetSnapshot::schema() const { return rows_->schema.get(); }
std::size_t DatasetSnapshot::batch_count() const { return rows_->batches.size(); }

DatasetSnapshot make_snapshot(run::PreviewTable table, bool complete, std::int64_t taken_unix_ns) {
  auto rows = std::make_shared<DatasetSnapshot::Rows>();
  rows->schema = std::move(table.schema);
  for (std::int64_t i = 0; i < rows->schema->n_children; ++i) {
    const ArrowSchema& field = *rows->schema->children[i];
    rows->columns.push_back({field.name, arrow::describe_type(field), (field.flags & ARROW_FLAG_NULLABLE) != 0});
  }
  rows->batches = std::move(table.rows);
  rows->total_count = table.count;
  rows->complete = complete;
  rows->taken_unix_ns = taken_unix_ns;
  return DatasetSnapshot(std::move(rows));
}

const ArrowArray& DatasetSnapshot::batch(std::size_t i) const { return rows_->batches[i].get(); }

}  // namespace weir::api
