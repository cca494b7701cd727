// weir plan
#include <algorithm>

#include "arrow/json.hpp"
#include "arrow/schema.hpp"
#include "base/counted.hpp"
#include "base/units.hpp"
#include "cli/commands.hpp"
#include "cli/list.hpp"
#include "cli/report.hpp"
#include "cli/run_arguments.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"
#include "cli/usage.hpp"

namespace weir::cli {
namespace {

using nlohmann::ordered_json;

ordered_json columns_json(const ArrowSchema& rows) {
  ordered_json columns = ordered_json::array();
  for (std::int64_t i = 0; i < rows.n_children; ++i) {
    const ArrowSchema& field = *rows.children[i];
    columns.push_back({{"name", field.name == nullptr ? "" : field.name},
                       {"type", arrow::describe_type(field)},
                       {"nullable", (field.flags & ARROW_FLAG_NULLABLE) != 0}});
  }
  return columns;
}

std::string splits_text(const run::PlanSplits& splits) {
  std::string text = base::format_count(splits.count) + (splits.count == 1 ? " split" : " splits");
  if (splits.bytes >= 0) text += ", " + base::format_bytes(static_cast<std::uint64_t>(splits.bytes));
  if (splits.rows >= 0) text += ", " + base::format_count(static_cast<std::uint64_t>(splits.rows)) + " rows";
  for (std::size_t i = 0; i < splits.first.size(); ++i) text += (i == 0 ? ": " : ", ") + splits.first[i];
  return text + (splits.first.size() < splits.count ? ", …" : "");
}

std::string head_of(const run::PlanPart& part) {
  std::string head = "  " + part.role;
  head.resize(std::max<std::size_t>(head.size() + 1, 13), ' ');
  head += part.link;
  if (part.component != part.link) head += ": " + part.component;
  if (!part.plugin.empty()) head += "  (" + part.plugin + " " + part.version + ")";
  if (!part.shown.empty()) head += "  → " + part.shown;
  return head;
}

struct PlanArguments : RunArguments {
  bool lineage = false;
};

std::string unread_text(const run::PlanPart& part) {
  return (part.parsed ? "read by nobody, but parsed: " : "not parsed, for nobody reads them: ") + joined(part.unread);
}

std::string column_text(const run::ColumnLineage& column) {
  std::string text = column.column + " ← " + (column.from.empty() ? "no column" : joined(column.from));
  if (!column.made_by.empty()) text += "; made by " + joined(column.made_by);
  if (!column.perhaps_by.empty()) text += "; perhaps changed by " + joined(column.perhaps_by);
  if (!column.untold_by.empty()) text += "; perhaps of fewer, for " + joined(column.untold_by) + " does not tell";
  return text;
}

std::string lineage_text(const run::LoadLineage& load) {
  std::string text = "  lineage    " + load.link + (load.shown.empty() ? "" : "  → " + load.shown) + "\n";
  for (const auto& column : load.columns) text += wrapped(column_text(column), "             ");
  return text;
}

ordered_json lineage_json(const run::LoadLineage& load) {
  ordered_json columns = ordered_json::array();
  for (const auto& column : load.columns) {
    columns.push_back({{"column", column.column},
                       {"from", column.from},
                       {"made_by", column.made_by},
                       {"perhaps_by", column.perhaps_by},
                       {"untold_by", column.untold_by}});
  }
  return {{"link", load.link}, {"to", load.shown}, {"columns", columns}};
}

std::string part_text(const run::PlanPart& part) {
  constexpr const char* kIndent = "             ";
  std::string text = head_of(part) + "\n";
  if (!part.from.empty()) {
    text += std::string(kIndent) + "rows of " + part.from +
            (part.output > 0 ? ", output " + std::to_string(part.output + 1) : "") + "\n";
  }
  for (const auto& statement : part.ddl) text += wrapped(statement + ";", kIndent);
  if (part.role == "load" || part.role == "reject") return text;
  if (part.role == "transform" && part.once) text += std::string(kIndent) + "one instance, behind the gather\n";
  for (std::size_t i = 0; i < part.outputs.size(); ++i) {
    const std::string number = part.outputs.size() > 1 ? "output " + std::to_string(i + 1) + ": " : "";
    text += wrapped(number + arrow::describe(part.outputs[i].get()), kIndent);
  }
  if (!part.found.empty()) text += wrapped("found: " + part.found, kIndent);
  if (!part.unread.empty()) text += wrapped(unread_text(part), kIndent);
  return text;
}

// A promise a line or more, each whose doing it is.
std::string promise_text(const run::PlanReport& plan) {
  constexpr const char* kIndent = "             ";
  std::string text = std::string("  guarantee  ") + text_of(plan.guarantee.delivery) + "\n";
  for (const auto& reason : plan.guarantee.reasons()) text += wrapped(reason, kIndent);
  for (const auto& link : plan.guarantee.links) {
    if (link.role == "reject" && link.delivery > plan.guarantee.delivery)
      text += wrapped(std::string("rejects ") + text_of(link.delivery) + ": " + link.reason, kIndent);
  }
  if (plan.one_epoch) {
    text += "  one epoch  nothing is committed before the run's end; one that stops begins anew\n";
    text += wrapped("by " + plan.one_epoch->link + ": " + plan.one_epoch->reason, kIndent);
  }
  return text;
}

std::string plan_text(const run::PlanReport& plan, bool lineage) {
  std::string text = plan.name + (plan.stream.empty() ? "" : "  stream " + plan.stream) +
                     "  plan: " + (plan.chains == 1 ? "1 chain" : std::to_string(plan.chains) + " chains") +
                     ", at most " + base::format_binary_bytes(plan.budget_bytes) + " of rows at once\n";
  std::size_t extracts = 0;
  for (const auto& part : plan.parts) {
    text += part_text(part);
    if (part.role == "extract") text += wrapped(splits_text(plan.splits[extracts++]), "             ");
  }
  for (std::size_t i = 0; lineage && i < plan.lineage.size(); ++i) text += lineage_text(plan.lineage[i]);
  text += promise_text(plan);
  for (const auto& plugin : plan.plugins)
    text += "  plugin     " + plugin.name + " " + plugin.version + "  " + plugin.path + "\n";
  return text;
}

ordered_json plan_json(const run::PlanReport& plan, bool lineage) {
  ordered_json document{{"name", plan.name}};
  if (!plan.stream.empty()) document["stream"] = plan.stream;
  document["guarantee"] = text_of(plan.guarantee.delivery);
  document["guarantees"] = guarantees_json(plan.guarantee);
  if (plan.one_epoch) document["one_epoch"] = {{"link", plan.one_epoch->link}, {"reason", plan.one_epoch->reason}};
  document["chains"] = plan.chains;
  document["budget_bytes"] = plan.budget_bytes;
  document["parts"] = ordered_json::array();
  std::size_t extracts = 0;
  for (const auto& part : plan.parts) {
    ordered_json item{{"role", part.role}, {"link", part.link}, {"component", part.component}};
    if (!part.plugin.empty()) item["plugin"] = part.plugin;
    if (!part.version.empty()) item["version"] = part.version;
    if (!part.from.empty()) item["from"] = {{"link", part.from}, {"output", part.output}};
    if (!part.shown.empty()) item["to"] = part.shown;
    if (part.role == "transform") item["once"] = part.once;
    for (const auto& output : part.outputs)
      item[part.role == "extract" || part.role == "transform" ? "outputs" : "inputs"].push_back(
          columns_json(output.get()));
    if (part.role == "load") item["ddl"] = part.ddl;
    if (!part.found.empty()) item["found"] = part.found;
    if (!part.unread.empty()) item["unread"] = {{"columns", part.unread}, {"parsed", part.parsed}};
    if (part.role == "extract") {
      const auto& splits = plan.splits[extracts++];
      item["splits"] = {{"count", splits.count}, {"first", splits.first}};
      if (splits.bytes >= 0) item["splits"]["bytes"] = splits.bytes;
      if (splits.rows >= 0) item["splits"]["rows"] = splits.rows;
    }
    document["parts"].push_back(std::move(item));
  }
  if (lineage) document["lineage"] = ordered_json::array();
  for (std::size_t i = 0; lineage && i < plan.lineage.size(); ++i)
    document["lineage"].push_back(lineage_json(plan.lineage[i]));
  document["plugins"] = ordered_json::array();
  for (const auto& plugin : plan.plugins)
    document["plugins"].push_back({{"name", plugin.name}, {"version", plugin.version}, {"path", plugin.path}});
  return document;
}

// A line of one of many streams.
ListRow plan_row(const run::PlanReport& plan) {
  std::string columns, to;
  for (const auto& part : plan.parts) {
    if (part.role == "extract" && columns.empty() && !part.outputs.empty())
      columns = base::counted(static_cast<std::uint64_t>(part.outputs.front()->n_children), "column");
    if (part.role == "load") to += (to.empty() ? "" : ", ") + (part.shown.empty() ? part.component : part.shown);
  }
  std::uint64_t count = 0;
  for (const auto& one : plan.splits) count += one.count;
  return {plan.stream, "→ " + to, text_of(plan.guarantee.delivery), columns, base::counted(count, "split")};
}

// Those with streams, a line each; details are for who asks for one.
std::string planned_streams_text(const std::vector<run::PlanReport>& plans, const std::string& name) {
  std::vector<ListRow> rows;
  for (const auto& plan : plans) {
    if (plan.name == name && !plan.stream.empty()) rows.push_back(plan_row(plan));
  }
  return name + "  plan: " + base::counted(rows.size(), "stream") + "; --stream NAME tells more of one\n" +
         list_text(rows, 3, "  ");
}

bool in_detail(const PlanArguments& arguments, const run::PlanReport& plan) {
  return plan.stream.empty() || !arguments.options.streams.empty();
}

int plan_command(PlanArguments& arguments, Output& output) {
  const auto plans = run::plan_pipelines(arguments.options, watch_of(output));
  if (!plans) return output.fail(plans.error());
  std::string text;
  ordered_json documents = ordered_json::array();
  std::string joined;  // the pipeline whose streams were listed last
  for (const auto& plan : *plans) {
    if (in_detail(arguments, plan))
      text += (text.empty() ? "" : "\n") + plan_text(plan, arguments.lineage);
    else if (plan.name != joined)
      text += (text.empty() ? "" : "\n") + planned_streams_text(*plans, joined = plan.name);
    documents.push_back(plan_json(plan, arguments.lineage));
  }
  const bool one = documents.size() == 1 && in_detail(arguments, plans->front());
  return output.succeed(text, one ? documents.front() : ordered_json{{"pipelines", documents}});
}

}  // namespace

void add_plan(CLI::App& program, Action& action) {
  auto arguments = std::make_shared<PlanArguments>();
  CLI::App& command = *program.add_subcommand(
      "plan",
      "tells what would run: the chain, its columns, splits, plugins and guarantee; reads no more than samples");
  add_run_arguments(command, *arguments);
  add_stream_argument(command, *arguments);
  add_loss_argument(command, *arguments);
  command.add_flag("--lineage", arguments->lineage,
                   "tells for each column of each load which columns of the extracts and which links made it");
  command.callback([arguments, &action] {
    action = [arguments](Output& output) { return with_parameters(*arguments, output, plan_command); };
  });
}

}  // namespace weir::cli
