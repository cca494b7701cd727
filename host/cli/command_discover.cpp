// weir discover
#include "base/counted.hpp"
#include "base/units.hpp"
#include "cli/commands.hpp"
#include "cli/list.hpp"
#include "cli/run_arguments.hpp"
#include "cli/text.hpp"

namespace weir::cli {
namespace {

using nlohmann::ordered_json;
using Found = run::StreamsFound;

std::string estimate(std::int64_t count, std::string (*shown)(std::uint64_t)) {
  return count < 0 ? std::string() : shown(static_cast<std::uint64_t>(count));
}

std::string verdict(const Found::One& one) {
  if (one.is_new) return one.taken ? "yes, new" : "no: new";
  return one.taken ? "yes" : "no";
}

std::string found_text(const Found& found) {
  std::vector<ListRow> rows{{"stream", "taken", "key", "cursor", "columns", "rows", "size", "files"}};
  std::size_t taken = 0;
  for (const auto& one : found.streams) {
    taken += one.taken ? 1 : 0;
    rows.push_back({one.stream, verdict(one), joined(one.keys), joined(one.cursors),
                    one.columns.empty() ? std::string() : base::format_count(one.columns.size()),
                    one.rows < 0 ? std::string() : "~" + estimate(one.rows, base::format_count),
                    estimate(one.bytes, base::format_bytes),
                    one.objects == 0 ? std::string() : base::format_count(one.objects)});
  }
  // Columns that nothing is told in are left out.
  for (std::size_t column = rows.front().size(); column-- > 2;) {
    bool told = false;
    for (std::size_t i = 1; i < rows.size(); ++i) told = told || !rows[i][column].empty();
    if (told) continue;
    for (auto& row : rows) row.erase(row.begin() + static_cast<std::ptrdiff_t>(column));
  }
  std::size_t numbers = 2;
  while (numbers < rows.front().size() && (rows.front()[numbers] == "key" || rows.front()[numbers] == "cursor"))
    ++numbers;
  std::string text = found.name + "  " + base::counted(found.streams.size(), "stream") + ", " +
                     base::format_count(taken) + " taken\n" + list_text(rows, numbers, "  ");
  if (!found.gone.empty()) text += "  gone since the last run: " + joined(found.gone) + "\n";
  return text;
}

ordered_json found_streams_json(const Found& found) {
  auto list = ordered_json::array();
  for (const auto& one : found.streams) {
    ordered_json item{{"stream", one.stream}, {"taken", one.taken}, {"new", one.is_new}};
    if (!one.description.empty()) item["description"] = one.description;
    if (!one.columns.empty()) item["columns"] = one.columns;
    if (!one.keys.empty()) item["keys"] = one.keys;
    if (!one.cursors.empty()) item["cursors"] = one.cursors;
    if (one.rows >= 0) item["rows"] = one.rows;
    if (one.bytes >= 0) item["bytes"] = one.bytes;
    if (one.objects > 0) item["files"] = one.objects;
    list.push_back(std::move(item));
  }
  ordered_json document{{"name", found.name}, {"streams", std::move(list)}};
  if (!found.gone.empty()) document["gone"] = found.gone;
  return document;
}

int discover_command(RunArguments& arguments, Output& output) {
  const auto all = run::discover_streams(arguments.options, watch_of(output));
  if (!all) return output.fail(all.error());
  std::string text;
  ordered_json documents = ordered_json::array();
  for (const auto& found : *all) {
    text += (text.empty() ? "" : "\n") + found_text(found);
    documents.push_back(found_streams_json(found));
  }
  return output.succeed(text, documents.size() == 1 ? documents.front() : ordered_json{{"pipelines", documents}});
}

}  // namespace

void add_discover(CLI::App& program, Action& action) {
  auto arguments = std::make_shared<RunArguments>();
  CLI::App& command = *program.add_subcommand(
      "discover",
      "lists the streams of a source, tables or files by name: their columns, keys, sizes, and which are read");
  add_run_arguments(command, *arguments);
  command.callback([arguments, &action] {
    action = [arguments](Output& output) { return with_parameters(*arguments, output, discover_command); };
  });
}

}  // namespace weir::cli
