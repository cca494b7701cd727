// weir preview
#include <algorithm>
#include <charconv>

#include "arrow/json.hpp"
#include "arrow/schema.hpp"
#include "base/units.hpp"
#include "cli/commands.hpp"
#include "cli/run_arguments.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"
#include "cli/usage.hpp"

namespace weir::cli {
namespace {

using nlohmann::ordered_json;

struct PreviewArguments : RunArguments {
  run::PreviewOptions preview;
};

bool is_number_column(const ArrowSchema& field) {
  const auto type = weir::type_of(field).type;
  return (type >= weir::Type::int8 && type <= weir::Type::decimal256);
}

// A value as it stands in a JSON document.
std::string value_json(const weir::Array& rows, const ArrowSchema& schema, std::int64_t column, std::int64_t row) {
  std::string text;
  arrow::append_value_as_json(text, *rows.get().children[column], *schema.children[column], row + rows.get().offset);
  return text;
}

Cell cell_of(const std::string& json) {
  if (json == "null") return {"", true};
  if (!json.starts_with('"')) return {json, false};
  const auto text = ordered_json::parse(json, nullptr, false);
  return {text.is_string() ? text.get<std::string>() : json, false};
}

// Numbers that a JSON library would round stay texts.
ordered_json exact(const std::string& json) {
  ordered_json value = ordered_json::parse(json, nullptr, false);
  if (value.is_discarded()) return json;
  if (value.is_number_float() && value.dump() != json) return json;
  return value;
}

template <class Take>
void each_row(const run::PreviewTable& table, Take&& take) {
  for (const auto& rows : table.rows) {
    for (std::int64_t row = 0; row < rows.get().length; ++row) take(rows, row);
  }
}

std::string table_text(const run::PreviewTable& table) {
  const ArrowSchema& schema = table.schema.get();
  Table drawn;
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    const ArrowSchema& field = *schema.children[i];
    drawn.names.emplace_back(field.name == nullptr ? "" : field.name);
    drawn.types.push_back(arrow::describe_type(field));
    drawn.right.push_back(is_number_column(field));
  }
  each_row(table, [&](const weir::Array& rows, std::int64_t row) {
    std::vector<Cell> cells;
    for (std::int64_t i = 0; i < schema.n_children; ++i) cells.push_back(cell_of(value_json(rows, schema, i, row)));
    drawn.rows.push_back(std::move(cells));
  });
  return draw(drawn, terminal_width(), "  ") + (table.count == 0 ? "  no rows\n" : "");
}

std::string title(const run::PreviewTable& table) {
  std::string text = table.link;
  if (table.component != table.link) text += " (" + table.component + ")";
  return table.output > 0 ? text + ", output " + std::to_string(table.output + 1) : text;
}

std::string reject_text(const pipeline::Reject& reject) {
  const base::Error error = reject.error();
  std::string place = error.place.file;
  if (error.place.line > 0) place += ":" + std::to_string(error.place.line);
  return "  " + reject.link + ": " + (place.empty() ? "" : place + ": ") + error.message + "\n";
}

std::string preview_text(const run::Preview& preview) {
  std::string text;
  for (const auto& table : preview.tables) text += title(table) + "\n" + table_text(table) + "\n";
  if (preview.rejected > 0) {
    text += "rejected\n";
    for (const auto& reject : preview.rejects) text += reject_text(reject);
    if (preview.rejected > preview.rejects.size())
      text += "  and " + base::format_count(preview.rejected - preview.rejects.size()) + " more\n";
    text += "\n";
  }
  return text + "of " + (preview.whole ? "all " : "the first ") + base::format_count(preview.rows_read) +
         " rows; nothing was written\n";
}

ordered_json preview_json(const run::Preview& preview) {
  ordered_json document{{"name", preview.name}};
  if (!preview.stream.empty()) document["stream"] = preview.stream;
  document["rows_read"] = preview.rows_read;
  document["whole"] = preview.whole;
  document["rejected"] = preview.rejected;
  document["tables"] = ordered_json::array();
  for (const auto& table : preview.tables) {
    const ArrowSchema& schema = table.schema.get();
    ordered_json item{{"link", table.link}, {"component", table.component}, {"output", table.output}};
    item["columns"] = ordered_json::array();
    for (std::int64_t i = 0; i < schema.n_children; ++i)
      item["columns"].push_back(
          {{"name", schema.children[i]->name}, {"type", arrow::describe_type(*schema.children[i])}});
    item["rows"] = ordered_json::array();
    each_row(table, [&](const weir::Array& rows, std::int64_t row) {
      ordered_json values = ordered_json::array();
      for (std::int64_t i = 0; i < schema.n_children; ++i) values.push_back(exact(value_json(rows, schema, i, row)));
      item["rows"].push_back(std::move(values));
    });
    document["tables"].push_back(std::move(item));
  }
  document["rejects"] = ordered_json::array();
  for (const auto& reject : preview.rejects) {
    const base::Error error = reject.error();
    document["rejects"].push_back(
        {{"link", reject.link}, {"reason", error.message}, {"file", error.place.file}, {"line", error.place.line}});
  }
  return document;
}

std::string title_of(const run::Preview& preview) {
  return preview.name + (preview.stream.empty() ? "" : "  stream " + preview.stream);
}

int preview_command(PreviewArguments& arguments, Output& output) {
  run::RunWatch watch = watch_of(output);
  watch.stdout_taken = nullptr;  // nothing is written there
  const auto previews = run::preview_pipelines(arguments.options, arguments.preview, watch);
  if (!previews) return output.fail(previews.error());
  std::string text;
  ordered_json documents = ordered_json::array();
  for (const auto& preview : *previews) {
    text += (text.empty() ? "" : "\n") + (previews->size() > 1 ? title_of(preview) + "\n\n" : std::string()) +
            preview_text(preview);
    documents.push_back(preview_json(preview));
  }
  return output.succeed(text, documents.size() == 1 ? documents.front() : ordered_json{{"pipelines", documents}});
}

}  // namespace

void add_preview(CLI::App& program, Action& action) {
  auto arguments = std::make_shared<PreviewArguments>();
  CLI::App& command = *program.add_subcommand(
      "preview", "shows the first rows after each link; writes nothing, commits nothing, remembers nothing");
  add_run_arguments(command, *arguments);
  add_stream_argument(command, *arguments);
  command.add_option("--link", arguments->preview.link, "shows what leaves this link alone")->type_name("NAME");
  command.add_option("--rows", arguments->preview.rows, "rows of each table (default: 10)")
      ->type_name("N")
      ->check(whole_number(1));
  command.callback([arguments, &action] {
    action = [arguments](Output& output) { return with_parameters(*arguments, output, preview_command); };
  });
}

}  // namespace weir::cli
