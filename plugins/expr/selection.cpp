// Options of select: names that must be there, once, and don't contradict each other.
#include "selection.hpp"

#include <algorithm>

#include <weir/cpp/named_column.hpp>

namespace weir::expr {
namespace {

Failure wrong(std::string message, std::string option) {
  return Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, std::move(message)).option(std::move(option));
}

std::string quoted(std::string_view name) { return "'" + std::string(name) + "'"; }

// The columns of a list, each once.
std::vector<std::int64_t> listed(const Config& config, const std::string& list, const ArrowSchema& input) {
  std::vector<std::int64_t> columns;
  for (std::uint64_t i = 0; i < config.count(list); ++i) {
    const std::string option = list + "/" + std::to_string(i);
    const std::string_view name = config.text(option);
    const std::int64_t column = named_column(input, name, option);
    if (std::find(columns.begin(), columns.end(), column) != columns.end())
      throw wrong("expected each column once, found " + quoted(name) + " again", option);
    columns.push_back(column);
  }
  return columns;
}

std::vector<std::int64_t> that_stay(const Config& config, const ArrowSchema& input) {
  if (config.has("/keep") && config.has("/drop")) {
    throw wrong("expected keep or drop, found both", "/drop")
        .hint("keep names what stays, drop what goes: the one follows from the other");
  }
  if (config.has("/keep")) return listed(config, "/keep", input);
  const std::vector<std::int64_t> dropped = listed(config, "/drop", input);
  std::vector<std::int64_t> columns;
  for (std::int64_t i = 0; i < input.n_children; ++i) {
    if (std::find(dropped.begin(), dropped.end(), i) == dropped.end()) columns.push_back(i);
  }
  if (columns.empty()) throw wrong("expected a column to stay, found that all are dropped", "/drop");
  return columns;
}

// The picked column that member `index` of `object` is about.
PickedColumn& named(const Config& config, const std::string& object, std::uint64_t index, const ArrowSchema& input,
                    std::vector<PickedColumn>& picked) {
  const std::string_view name = config.key(object, index);
  const std::string option = pointer_to(object, name);
  const std::int64_t column = named_column(input, name, option);
  const auto found = std::find_if(picked.begin(), picked.end(), [&](const auto& one) { return one.from == column; });
  if (found == picked.end()) {
    const bool keeps = config.has("/keep");
    throw wrong("column " + quoted(name) + " does not stay", option)
        .hint(keeps ? "add it to keep, by this name" : "take it out of drop");
  }
  return *found;
}

void rename(const Config& config, const ArrowSchema& input, std::vector<PickedColumn>& picked) {
  for (std::uint64_t i = 0; i < config.count("/rename"); ++i) {
    PickedColumn& column = named(config, "/rename", i, input, picked);
    column.name = config.text(pointer_to("/rename", config.key("/rename", i)));
  }
  // Seen together: a and b may change their names.
  for (std::uint64_t i = 0; i < config.count("/rename"); ++i) {
    const PickedColumn& column = named(config, "/rename", i, input, picked);
    if (std::count_if(picked.begin(), picked.end(), [&](const auto& one) { return one.name == column.name; }) < 2)
      continue;
    throw wrong("expected a name that no other column has, found " + quoted(column.name),
                pointer_to("/rename", config.key("/rename", i)))
        .hint("rename or drop the other");
  }
}

}  // namespace

std::vector<PickedColumn> picked_columns(const Config& config, const ArrowSchema& input) {
  std::vector<PickedColumn> picked;
  for (const std::int64_t column : that_stay(config, input))
    picked.push_back({column, std::string(column_name(input, column)), {}});
  rename(config, input, picked);
  for (std::uint64_t i = 0; i < config.count("/cast"); ++i) {
    PickedColumn& column = named(config, "/cast", i, input, picked);
    column.type = config.text(pointer_to("/cast", config.key("/cast", i)));
  }
  return picked;
}

}  // namespace weir::expr
