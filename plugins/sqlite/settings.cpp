#include "settings.hpp"

#include <algorithm>

#include "tokens.hpp"

namespace weir::sqlite {
namespace {

constexpr std::size_t kMostColumns = 2000;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

Failure wrong(std::string message, std::string option) {
  return Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, std::move(message)).option(std::move(option));
}

std::string name_of(const ArrowSchema& field) { return field.name == nullptr ? "" : field.name; }

void check_names(const ArrowSchema& input, const std::vector<std::int64_t>& columns) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string name = name_of(*input.children[columns[i]]);
    for (std::size_t j = 0; j < i; ++j) {
      const std::string other = name_of(*input.children[columns[j]]);
      if (!same_identifier(name, other)) continue;
      throw wrong("expected column names that differ, found '" + other + "' and '" + name + "'", "")
          .column(name)
          .hint("SQLite ignores case: rename one of them before");
    }
  }
}

// The column of the input that a key names: exactly, or but for case.
std::size_t find_key(const ArrowSchema& input, const std::vector<std::int64_t>& columns, const std::string& key,
                     std::size_t number) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (same_identifier(name_of(*input.children[columns[i]]), key)) return i;
  }
  std::string names;
  for (const auto column : columns) names += (names.empty() ? "'" : ", '") + name_of(*input.children[column]) + "'";
  throw wrong("no column '" + key + "' in the input", "/key/" + std::to_string(number))
      .column(key)
      .hint("its columns are " + names);
}

Mode mode_named(std::string_view name) {
  if (name == "replace") return Mode::replace;
  if (name == "upsert") return Mode::upsert;
  if (name == "ignore") return Mode::ignore;
  return name == "delete" ? Mode::remove : Mode::append;
}

// Rows that are changes say themselves what they do; append, replace and upsert let them.
void check_operations(const Settings& settings, const ArrowSchema& input, const Layout& layout) {
  if (layout.operation < 0) return;
  const std::string name = name_of(*input.children[layout.operation]);
  if (settings.mode == Mode::ignore || settings.mode == Mode::remove) {
    throw wrong("expected rows that don't say themselves what they do, found the column '" + name + "' of operations",
                "/mode")
        .column(name)
        .hint("take the mode upsert, or leave the column out");
  }
  if (!layout.key.empty()) return;
  throw wrong("expected a key, for the rows are changes (column '" + name + "'), found none", "")
      .hint("name the columns that identify a row: key: [id]");
}

}  // namespace

bool same_identifier(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

Settings read_settings(const Config& config) {
  Settings settings;
  settings.database = config.text("/database");
  settings.table = settings.place = config.text("/table");
  settings.mode = mode_named(config.text("/mode"));
  for (std::uint64_t i = 0; i < config.count("/key"); ++i)
    settings.key.emplace_back(config.text("/key/" + std::to_string(i)));
  settings.evolves = config.text("/drift/columns") == "evolve";
  const std::string_view types = config.text("/drift/types");
  settings.types = types == "widen" ? Types::widen : types == "freeze" ? Types::freeze : Types::as_they_are;
  settings.create = !config.has("/create") || config.boolean("/create");
  if (settings.table.empty() || settings.table.find('\0') != std::string::npos) {
    throw wrong("expected the name of a table, found an empty one or one with a zero byte", "/table");
  }
  if (same_identifier(std::string_view(settings.table).substr(0, 7), "sqlite_") ||
      same_identifier(std::string_view(settings.table).substr(0, kOwnPrefix.size()), kOwnPrefix)) {
    throw wrong("expected a table of your own, found '" + settings.table + "', which is kept for SQLite or weir itself",
                "/table");
  }
  const bool needs_key = settings.mode != Mode::append && settings.mode != Mode::replace;
  if (needs_key && settings.key.empty()) {
    throw wrong("expected a key for mode " + std::string(config.text("/mode")) + ", found none", "/mode")
        .hint("name the columns that identify a row: key: [id]");
  }
  return settings;
}

Layout layout_of(const Settings& settings, const ArrowSchema& input) {
  Layout layout;
  for (std::int64_t i = 0; i < input.n_children; ++i) {
    if (metadata_value(*input.children[i], kRoleKey) == "operation")
      layout.operation = i;
    else
      layout.columns.push_back(i);
  }
  if (layout.columns.empty() || layout.columns.size() > kMostColumns) {
    throw wrong(
        "expected 1 to " + std::to_string(kMostColumns) + " columns, found " + std::to_string(layout.columns.size()),
        "");
  }
  check_names(input, layout.columns);
  for (std::size_t i = 0; i < settings.key.size(); ++i)
    layout.key.push_back(find_key(input, layout.columns, settings.key[i], i));
  check_operations(settings, input, layout);
  layout.upserts = settings.mode == Mode::upsert || layout.operation >= 0;
  layout.ignores = settings.mode == Mode::ignore;
  layout.removes = settings.mode == Mode::remove;
  if (!layout.removes) return layout;
  std::vector<std::int64_t> key_columns;
  for (auto& place : layout.key) {
    key_columns.push_back(layout.columns[place]);
    place = key_columns.size() - 1;
  }
  layout.columns = std::move(key_columns);
  return layout;
}

}  // namespace weir::sqlite
