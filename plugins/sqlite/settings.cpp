#include "settings.hpp"

#include <algorithm>

#include "column.hpp"
#include "names.hpp"
#include "tokens.hpp"

namespace weir::sqlite {
namespace {

constexpr std::size_t kMostColumns = 2000;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

Failure wrong(std::string message, std::string option) {
  return Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, std::move(message)).option(std::move(option));
}

std::string name_of(const ArrowSchema& field) { return field.name == nullptr ? "" : field.name; }

// The column of the input that an option names: exactly, or but for case.
std::size_t find_column(const ArrowSchema& input, const std::vector<std::int64_t>& columns, const std::string& wanted,
                        const std::string& option) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (name_of(*input.children[columns[i]]) == wanted) return i;
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (same_identifier(name_of(*input.children[columns[i]]), wanted)) return i;
  }
  std::string names;
  for (const auto column : columns) names += (names.empty() ? "'" : ", '") + name_of(*input.children[column]) + "'";
  throw wrong("no column '" + wanted + "' in the input", option).column(wanted).hint("its columns are " + names);
}

Mode mode_named(std::string_view name) {
  if (name == "replace") return Mode::replace;
  if (name == "upsert") return Mode::upsert;
  if (name == "ignore") return Mode::ignore;
  if (name == "history") return Mode::history;
  return name == "delete" ? Mode::remove : Mode::append;
}

// Finds the column of names of operations that the options name.
void find_operations(const Settings& settings, const ArrowSchema& input, Layout& layout) {
  if (settings.operation.empty()) return;
  if (layout.operation >= 0 && same_identifier(name_of(*input.children[layout.operation]), settings.operation)) return;
  const std::size_t place = find_column(input, layout.columns, settings.operation, "/operation");
  const ArrowSchema& field = *input.children[layout.columns[place]];
  if (layout.operation >= 0 || declared_type(field) != "TEXT") {
    throw wrong("expected one column of operations, a text, found '" + settings.operation + "', " + type_name(field) +
                    (layout.operation >= 0 ? ", beside '" + name_of(*input.children[layout.operation]) + "'" : ""),
                "/operation")
        .column(settings.operation)
        .hint("name a column that says insert, update or delete, or leave operation: out");
  }
  layout.operation = layout.columns[place];
  layout.columns.erase(layout.columns.begin() + static_cast<std::ptrdiff_t>(place));
}

// Rows that are changes say themselves what they do; append, replace and upsert let them.
void check_operations(const Settings& settings, const ArrowSchema& input, const Layout& layout) {
  if (layout.operation < 0) return;
  const std::string name = name_of(*input.children[layout.operation]);
  if (settings.delete_missing) {
    throw wrong(
        "expected all rows that there are, for delete_missing, found changes: the column '" + name + "' of operations",
        "/delete_missing")
        .column(name)
        .hint("leave delete_missing: out: a change says itself what is deleted");
  }
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

void check_deletes(const Settings& settings, const Layout& layout) {
  if (!settings.soft || layout.operation >= 0 || layout.removes || layout.upserts || layout.ignores) return;
  throw wrong("expected rows or a mode that can delete, with deletes: soft, found neither", "/deletes")
      .hint("take the mode upsert, ignore or delete, or leave deletes: out");
}

// The loader's own columns: none is another, or the input's.
void check_own_columns(const Settings& settings, const ArrowSchema& input, const Layout& layout) {
  const auto own = settings.own_columns();
  for (std::size_t i = 0; i < own.size(); ++i) {
    const std::string option = settings.soft ? "/deleted_at" : i == 0 ? "/valid_from" : "/valid_to";
    if (i > 0 && same_identifier(own[i], own[0]))
      throw wrong("expected two columns, for the beginning and the end of a version, found '" + own[i] + "' twice",
                  option)
          .hint("give one of them another name");
    for (const auto column : layout.columns) {
      const std::string name = name_of(*input.children[column]);
      if (!same_identifier(name, own[i])) continue;
      throw wrong("expected an input without the column '" + name + "', which the loader fills itself, found one",
                  option)
          .column(name)
          .hint("give the loader's another name: " + option.substr(1) + ": weir_" + option.substr(1) +
                ", or name the times in the rows by time:");
    }
  }
}

// Finds the column of times. As they are kept, in texts or integers, they must sort as they are.
void find_times(const Settings& settings, const ArrowSchema& input, Layout& layout) {
  if (settings.time.empty()) return;
  const std::size_t place = find_column(input, layout.columns, settings.time, "/time");
  const ArrowSchema& field = *input.children[layout.columns[place]];
  layout.time = layout.columns[place];
  layout.time_type = declared_type(field);
  const std::string hint = "take another column, or cast it before";
  if (layout.is_key(place))
    throw wrong("expected a column of times that is not of the key, found '" + settings.time + "'", "/time")
        .column(settings.time)
        .hint(hint);
  const bool plain = field.dictionary == nullptr;
  if (plain && (layout.time_type == "TIMESTAMP" || layout.time_type == "DATE" || layout.time_type == "INTEGER")) return;
  throw wrong("expected a column of timestamps, dates or integers for the times, found '" + settings.time + "', " +
                  type_name(field),
              "/time")
      .column(settings.time)
      .hint(hint);
}

// A table that is replaced is made of the rows' columns: it can't lack some.
void check_replacing(const Settings& settings) {
  if (settings.mode != Mode::replace) return;
  const ColumnDrift columns = settings.drift.columns;
  const TypeDrift types = settings.drift.types;
  const bool by_row = columns == ColumnDrift::reject || columns == ColumnDrift::ignore;
  if (!by_row && types != TypeDrift::reject && types != TypeDrift::ignore) return;
  throw wrong(std::string("expected a table that can lack columns or types of its rows, with drift: ") +
                  (by_row ? "columns" : "types") + ": reject or ignore, found mode replace, which makes it of them",
              "/mode")
      .hint(std::string("say for this load drift: { ") + (by_row ? "columns: evolve" : "types: widen") +
            " }, or take another mode");
}

void read_times(const Config& config, Settings& settings) {
  const auto name = [&config](const char* option, const char* otherwise) {
    const std::string_view given = config.text(option);
    return std::string(given.empty() ? otherwise : given);
  };
  settings.soft = config.text("/deletes") == "soft";
  settings.time = config.text("/time");
  settings.deleted_at = name("/deleted_at", "deleted_at");
  settings.valid_from = name("/valid_from", "valid_from");
  settings.valid_to = name("/valid_to", "valid_to");
  const bool history = settings.mode == Mode::history;
  if (history && settings.soft) {
    throw wrong("expected deletes: hard with mode history, found soft", "/deletes")
        .hint("leave it out: a version whose key is deleted ends, and stays");
  }
  if (settings.time.empty() || history || settings.soft) return;
  throw wrong("expected mode history or deletes: soft with time:, found neither", "/time")
      .hint("leave time: out, or take mode: history");
}

// What does not come has no row that could say when it went, or that it did not.
void read_missing(const Config& config, Settings& settings) {
  settings.delete_missing = config.has("/delete_missing") && config.boolean("/delete_missing");
  if (!settings.delete_missing) return;
  if (settings.mode != Mode::upsert && settings.mode != Mode::ignore && settings.mode != Mode::history) {
    throw wrong(
        "expected mode upsert, ignore or history with delete_missing, found " + std::string(config.text("/mode")),
        "/delete_missing")
        .hint(settings.mode == Mode::replace ? "leave it out: replace keeps nothing that did not come"
                                             : "take the mode upsert, and a key, or leave delete_missing: out");
  }
  if (settings.time.empty()) return;
  throw wrong("expected the times of runs with delete_missing, found those of column '" + settings.time + "'", "/time")
      .hint("leave time: out: a row that does not come has none");
}

void read_within(const Config& config, Settings& settings) {
  if (!config.has("/within")) return;
  settings.within = {std::string(config.text("/within/column")), std::string(config.text("/within/from")),
                     std::string(config.text("/within/to"))};
  for (const auto* const bound : {&settings.within.from, &settings.within.to}) {
    if (bound->find('\0') == std::string::npos) continue;
    throw wrong("expected a bound without a zero byte, found one with it",
                bound == &settings.within.from ? "/within/from" : "/within/to");
  }
  if (settings.mode != Mode::replace) {
    throw wrong("expected mode replace beside within:, found " + std::string(config.text("/mode")), "/within")
        .hint("take mode: replace, which puts the rows in the place of those of the range, or leave within: out");
  }
  settings.mode = Mode::append;
}

}  // namespace

std::vector<std::string> Settings::own_columns() const {
  if (mode == Mode::history) return {valid_from, valid_to};
  if (soft) return {deleted_at};
  return {};
}

std::string Settings::ends() const { return mode == Mode::history ? valid_to : soft ? deleted_at : std::string(); }

std::vector<std::string> Layout::key_names() const {
  std::vector<std::string> found;
  for (const auto i : key) found.push_back(names[i]);
  return found;
}

bool Layout::is_key(std::size_t column) const { return std::find(key.begin(), key.end(), column) != key.end(); }

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
  settings.operation = config.text("/operation");
  settings.drift = DriftPolicy::read(config);
  settings.create =
      (!config.has("/create") || config.boolean("/create")) && settings.drift.tables != TableDrift::freeze;
  if (settings.table.empty() || settings.table.find('\0') != std::string::npos) {
    throw wrong("expected the name of a table, found an empty one or one with a zero byte", "/table");
  }
  if (same_identifier(std::string_view(settings.table).substr(0, 7), "sqlite_") ||
      same_identifier(std::string_view(settings.table).substr(0, kOwnPrefix.size()), kOwnPrefix)) {
    throw wrong("expected a table of your own, found '" + settings.table + "', which is kept for SQLite or weir itself",
                "/table");
  }
  read_times(config, settings);
  read_within(config, settings);
  read_missing(config, settings);
  check_replacing(settings);
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
  find_operations(settings, input, layout);
  if (layout.columns.empty() || layout.columns.size() > kMostColumns) {
    throw wrong(
        "expected 1 to " + std::to_string(kMostColumns) + " columns, found " + std::to_string(layout.columns.size()),
        "");
  }
  for (std::size_t i = 0; i < settings.key.size(); ++i)
    layout.key.push_back(find_column(input, layout.columns, settings.key[i], "/key/" + std::to_string(i)));
  if (settings.within.given()) find_column(input, layout.columns, settings.within.column, "/within/column");
  check_operations(settings, input, layout);
  layout.versions = settings.mode == Mode::history;
  layout.upserts = !layout.versions && (settings.mode == Mode::upsert || layout.operation >= 0);
  layout.ignores = settings.mode == Mode::ignore;
  layout.removes = settings.mode == Mode::remove;
  check_deletes(settings, layout);
  check_own_columns(settings, input, layout);
  find_times(settings, input, layout);
  if (layout.removes) {
    std::vector<std::int64_t> key_columns;
    for (auto& place : layout.key) {
      key_columns.push_back(layout.columns[place]);
      place = key_columns.size() - 1;
    }
    layout.columns = std::move(key_columns);
  }
  layout.names = column_names(input, layout, {}, {});
  return layout;
}

}  // namespace weir::sqlite
