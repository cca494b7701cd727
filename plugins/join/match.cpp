#include "match.hpp"

#include <algorithm>

#include <weir/cpp/key_bytes.hpp>
#include <weir/cpp/named_column.hpp>
#include <weir/cpp/row_bytes.hpp>
#include <weir/cpp/type_names.hpp>

namespace weir::join {
namespace {

// A column of what is joined.
std::int64_t right_column(const ArrowSchema& rows, std::string_view name, const std::string& option) {
  const std::int64_t found = column_index(rows, name);
  if (found >= 0) return found;
  std::vector<std::string_view> names;
  for (std::int64_t i = 0; i < rows.n_children; ++i) names.push_back(column_name(rows, i));
  throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, "no column '" + std::string(name) + "' in what is joined")
      .option(option)
      .hint(name_hint(name, names, "columns"));
}

std::string named_type(const ArrowSchema& rows, std::int64_t column) {
  return "'" + std::string(column_name(rows, column)) + "' of " + type_name(*rows.children[column]);
}

void check_pair(const ArrowSchema& left_rows, std::int64_t left, const ArrowSchema& right_rows, std::int64_t right,
                const std::string& option) {
  for (const auto& [rows, column] : {std::pair(&left_rows, left), std::pair(&right_rows, right)}) {
    if (has_value_bytes(*rows->children[column])) continue;
    throw Failure(
        WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
        "expected text, bytes, a number, boolean, date or time to join on, found " + named_type(*rows, column))
        .option(option)
        .hint("join on what is in it: flatten or derive can make columns of that");
  }
  if (cell_signature(*left_rows.children[left]) == cell_signature(*right_rows.children[right])) return;
  const std::string name(column_name(left_rows, left));
  throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                "expected two columns whose values can be equal, found " + named_type(left_rows, left) +
                    " and, in what is joined, " + named_type(right_rows, right))
      .option(option)
      .hint("make them one type in front: { use: derive, columns: { " + name + ": cast(" + name + " as " +
            type_name(*right_rows.children[right]) + ") } }, or with types: where the right side is read");
}

// What an option that is a list of names, or an object of names to names, has as its parts: the name given, the name meant, where it
// stands.
struct Part {
  std::string name, of, option;
};
std::vector<Part> parts_of(const Config& config, const std::string& option) {
  std::vector<Part> parts;
  for (std::uint64_t i = 0; i < config.count(option); ++i) {
    if (config.kind(option) == WEIR_CONFIG_ARRAY) {
      const std::string at = option + "/" + std::to_string(i);
      parts.push_back({std::string(config.text(at)), std::string(config.text(at)), at});
      continue;
    }
    const std::string name(config.key(option, i)), at = pointer_to(option, name);
    parts.push_back({name, std::string(config.text(at)), at});
  }
  return parts;
}

}  // namespace

Match::Match(const Config& config, const ArrowSchema& left_rows, const ArrowSchema& right_rows)
    : is_left(config.text("/kind") == "left") {
  for (const Part& part : parts_of(config, "/on")) {
    left.push_back(named_column(left_rows, part.name, part.option));
    right.push_back(right_column(right_rows, part.of, part.option));
    check_pair(left_rows, left.back(), right_rows, right.back(), part.option);
  }
  std::vector<Part> wanted = parts_of(config, "/columns");
  for (std::int64_t i = 0; !config.has("/columns") && i < right_rows.n_children; ++i) {
    if (std::find(right.begin(), right.end(), i) != right.end()) continue;
    const std::string name(column_name(right_rows, i));
    wanted.push_back({name, name, "/with"});
  }
  for (const Part& part : wanted) {
    added.push_back(right_column(right_rows, part.of, part.option));
    if (column_index(left_rows, part.name) >= 0 || std::find(names.begin(), names.end(), part.name) != names.end()) {
      throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                    "expected a name of its own for each column, found '" + part.name + "' twice")
          .option(part.option)
          .hint("say which columns of the right side come, and what they are called: columns: { joined_" + part.name +
                ": " + part.of + " }");
    }
    names.push_back(part.name);
  }
}

Schema Match::output(const ArrowSchema& left_rows, const ArrowSchema& right_rows) const {
  std::vector<Schema> fields;
  for (std::int64_t i = 0; i < left_rows.n_children; ++i) fields.push_back(Schema::copy_of(*left_rows.children[i]));
  for (std::size_t i = 0; i < added.size(); ++i) {
    const Schema plain = plain_schema(*right_rows.children[added[i]]);
    std::vector<Schema> children;
    for (std::int64_t child = 0; child < plain->n_children; ++child)
      children.push_back(Schema::copy_of(*plain->children[child]));
    const bool nullable = is_left || (plain->flags & ARROW_FLAG_NULLABLE) != 0;
    fields.push_back(Schema::field(plain->format, names[i], nullable, metadata_of(plain.get()), std::move(children)));
  }
  return Schema::rows(std::move(fields));
}

}  // namespace weir::join
