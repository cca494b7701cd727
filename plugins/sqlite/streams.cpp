#include "streams.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <weir/cpp/quoted.hpp>

#include "query.hpp"
#include "ranges.hpp"
#include "source_type.hpp"

namespace weir::sqlite {
namespace {

constexpr const char* kTablesOfStreams =
    "SELECT l.name, upper(coalesce(s.sql, '')) LIKE '%AUTOINCREMENT%' FROM pragma_table_list AS l "
    "JOIN main.sqlite_schema AS s ON s.name = l.name AND s.type = 'table' "
    "WHERE l.schema = 'main' AND l.type IN ('table', 'virtual') "
    "AND l.name NOT LIKE 'sqlite@_%' ESCAPE '@' AND l.name NOT LIKE '@_weir@_%' ESCAPE '@'";
constexpr int kHidden = 1;  // of a virtual table: no column that SELECT * gives

std::string json_list(const std::vector<std::string>& texts) {
  std::string json;
  for (const auto& text : texts) {
    json += json.empty() ? '[' : ',';
    append_json_text(json, text);
  }
  return json.empty() ? json : json + ']';
}

struct FoundTable {
  std::string name, stream;
  bool grows = false;  // by AUTOINCREMENT
};

// What the table declares.
struct Columns {
  std::vector<Schema> fields;
  std::vector<std::string> keys;
};

Columns columns_of(const Database& database, const std::string& table) {
  Columns columns;
  std::vector<std::pair<std::int64_t, std::string>> keys;
  Statement declared(database, "SELECT name, type, hidden, pk FROM pragma_table_xinfo(?1, 'main')");
  declared.with(1, table);
  while (declared.next()) {
    if (declared.integer(2) == kHidden) continue;
    columns.fields.push_back(source_field(declared.text(0), declared_as(declared.text(1)), Sample(1), 0, false));
    if (declared.integer(3) > 0) keys.emplace_back(declared.integer(3), declared.text(0));
  }
  std::sort(keys.begin(), keys.end());
  for (auto& [number, name] : keys) columns.keys.push_back(std::move(name));
  return columns;
}

// As many as there are rowids between the first and the last, but not more than fit the file.
std::int64_t count_rows(const Database& database, const std::string& table, std::int64_t most) {
  const std::string rowid = rowid_name(database, table);
  if (rowid.empty()) return -1;
  const auto extreme = [&](const char* which) -> std::optional<std::int64_t> {
    Statement found(database, std::string("SELECT ") + which + "(" + rowid + ") FROM main." + quote_identifier(table));
    if (!found.next() || sqlite3_column_type(found.raw(), 0) == SQLITE_NULL) return std::nullopt;
    return found.integer(0);
  };
  const auto first = extreme("min"), last = extreme("max");
  if (!first || !last) return 0;
  const std::uint64_t span = static_cast<std::uint64_t>(*last) - static_cast<std::uint64_t>(*first);
  return span >= static_cast<std::uint64_t>(most) ? most : static_cast<std::int64_t>(span) + 1;
}

std::int64_t bytes_of_database(const Database& database) {
  Statement counted(database, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
  return counted.next() ? counted.integer(0) : 0;
}

}  // namespace

void list_streams(const Context& context, const StreamSink& streams) {
  check_picks(context.config());
  const std::string path(context.config().text("/database"));
  check_file(path);
  const Database database(context, path, Access::read);
  std::vector<FoundTable> tables;
  Statement listed(database, kTablesOfStreams);
  while (listed.next()) {
    const std::string name = listed.text(0);
    tables.push_back({name, stream_name({name}), listed.integer(1) != 0});
  }
  std::sort(tables.begin(), tables.end(), [](const FoundTable& a, const FoundTable& b) { return a.stream < b.stream; });
  const std::int64_t most = bytes_of_database(database);
  for (const auto& table : tables) {
    database.check_cancelled();
    StreamInfo info;
    info.name = table.stream;
    try {
      Columns columns = columns_of(database, table.name);
      const std::string keys = json_list(columns.keys);
      info.keys = keys;
      if (table.grows && columns.keys.size() == 1) info.cursors = keys;
      info.rows = count_rows(database, table.name, most);
      streams.put(info, Schema::rows(std::move(columns.fields)));
    } catch (const Failure&) {
      streams.put(StreamInfo{table.stream, {}, {}, {}});  // of a module that is not there: its own reading tells why
    }
  }
}

}  // namespace weir::sqlite
