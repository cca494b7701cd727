#include "integrity/comparison.hpp"

#include "arrow/schema.hpp"

namespace weir::integrity {
namespace {

using weir::Type;

// Types of one domain have the values in common that both have.
enum class Domain { nothing, boolean, number, text, binary, date, time, timestamp, instant, other };

Domain domain_of(const weir::TypeInfo& type) {
  switch (type.type) {
    case Type::null: return Domain::nothing;
    case Type::boolean: return Domain::boolean;
    case Type::utf8:
    case Type::large_utf8:
    case Type::utf8_view: return Domain::text;
    case Type::binary:
    case Type::large_binary:
    case Type::binary_view:
    case Type::fixed_binary: return Domain::binary;
    case Type::date32:
    case Type::date64: return Domain::date;
    case Type::time32:
    case Type::time64: return Domain::time;
    case Type::timestamp: return type.zone.empty() ? Domain::timestamp : Domain::instant;
    default: return type.type <= Type::decimal256 ? Domain::number : Domain::other;
  }
}

// 0.1 is another number as a decimal, as a float and as a double.
enum class Fraction { none, half, single, twice, decimal };

Fraction fraction_of(const weir::TypeInfo& type) {
  switch (type.type) {
    case Type::float16: return Fraction::half;
    case Type::float32: return Fraction::single;
    case Type::float64: return Fraction::twice;
    case Type::decimal128:
    case Type::decimal256: return type.scale > 0 ? Fraction::decimal : Fraction::none;
    default: return Fraction::none;
  }
}

const ArrowSchema& values_of(const ArrowSchema& field) {
  return field.dictionary != nullptr ? *field.dictionary : field;
}

bool is_list(Type type) { return type == Type::list || type == Type::large_list || type == Type::fixed_list; }

bool may_be_same(const ArrowSchema& sent_field, const ArrowSchema& found_field) {
  const ArrowSchema& sent = values_of(sent_field);
  const ArrowSchema& found = values_of(found_field);
  const auto type = weir::type_of(sent), other = weir::type_of(found);
  const Domain domain = domain_of(type);
  if (domain == Domain::nothing || domain_of(other) == Domain::nothing) return true;
  if (domain != domain_of(other)) return false;
  if (domain == Domain::number) {
    const Fraction fraction = fraction_of(type), of_other = fraction_of(other);
    return fraction == of_other || fraction == Fraction::none || of_other == Fraction::none;
  }
  if (domain != Domain::other) return true;
  if (type.type != other.type && !(is_list(type.type) && is_list(other.type))) return false;
  if (sent.n_children != found.n_children) return false;
  for (std::int64_t i = 0; i < sent.n_children; ++i) {
    const std::int64_t there = type.type == Type::structure && *sent.children[i]->name != 0
                                   ? weir::column_index(found, sent.children[i]->name)
                                   : i;
    if (there < 0 || !may_be_same(*sent.children[i], *found.children[there])) return false;
  }
  return true;
}

}  // namespace

std::string doubtful_column(const ArrowSchema& sent, const ArrowSchema& found) {
  for (std::int64_t i = 0; i < sent.n_children; ++i) {
    const ArrowSchema& field = *sent.children[i];
    const std::int64_t there = weir::column_index(found, field.name);
    if (there < 0 || may_be_same(field, *found.children[there])) continue;
    return "column '" + std::string(field.name) + "': " + arrow::describe_type(field) + " was sent, " +
           arrow::describe_type(*found.children[there]) + " is read back";
  }
  return {};
}

Comparison::Comparison(const ArrowSchema& sent, const ArrowSchema& found) : doubt_(doubtful_column(sent, found)) {
  std::vector<weir::Schema> fields;
  for (std::int64_t i = 0; i < sent.n_children; ++i) {
    const std::int64_t there = weir::column_index(found, sent.children[i]->name);
    if (there < 0) {
      missing_ += std::string(missing_.empty() ? "'" : ", '") + sent.children[i]->name + "'";
      continue;
    }
    columns_.push_back(static_cast<std::size_t>(there));
    fields.push_back(weir::Schema::copy_of(*found.children[there]));
  }
  schema_ = weir::Schema::rows(std::move(fields));
  if (readable()) digest_ = std::make_unique<RowDigest>(schema_.get());
}

ArrowArray Comparison::narrowed(const ArrowArray& rows) {
  children_.clear();
  for (const std::size_t column : columns_) children_.push_back(rows.children[column]);
  ArrowArray narrowed = rows;
  narrowed.n_children = static_cast<std::int64_t>(children_.size());
  narrowed.children = children_.data();
  return narrowed;
}

base::Result<std::span<const Digest>> Comparison::add(const ArrowArray& rows) {
  rows_found_.resize(static_cast<std::size_t>(rows.length));
  WEIR_TRY(digest_->each(narrowed(rows), rows_found_));
  for (const Digest& row : rows_found_) found_.add(row);
  rows_ += rows_found_.size();
  return std::span<const Digest>(rows_found_);
}

Compared Comparison::end(std::uint64_t rows_sent, const Digest& digest_sent) const {
  Compared compared{Verdict::equal, {}, rows_sent, rows_, found_};
  if (!readable()) {
    compared.verdict = Verdict::not_comparable;
    compared.reason = "the destination has no column " + missing_ + " any more";
    compared.found.reset();
  } else if (rows_ != rows_sent) {
    compared.verdict = Verdict::differs;
    compared.reason = std::to_string(rows_sent) + " rows were sent, " + std::to_string(rows_) + " are read back";
  } else if (found_ != digest_sent) {
    compared.verdict = doubt_.empty() ? Verdict::differs : Verdict::not_comparable;
    compared.reason = doubt_.empty() ? "as many rows as were sent, of other values" : doubt_;
  }
  return compared;
}

}  // namespace weir::integrity
