// weir state list, weir state get; what changes state is in command_state_change.cpp, backups in command_state_backup.cpp
#include <cstdio>

#include "base/units.hpp"
#include "cli/commands.hpp"
#include "cli/list.hpp"
#include "cli/state_view.hpp"
#include "observe/time_text.hpp"

namespace weir::cli {
namespace {

using nlohmann::ordered_json;

struct LookArguments {
  std::string pipeline, key, prefix;
  bool raw = false;
};

int list_pipelines(const StateView& view, Output& output) {
  std::vector<ListRow> rows{{"pipeline", "id", "manifest", "", "entries", "size"}};
  ordered_json list = ordered_json::array();
  for (const auto& one : view.pipelines) {
    const auto holder = state::PipelineLock::holder(view.folder, one.lock_id());
    rows.push_back({one.shown(), one.id, one.manifest, holder ? "running" : "", base::format_count(one.entries),
                    base::format_bytes(one.bytes)});
    ordered_json item{{"name", one.name}, {"id", one.id}, {"manifest", one.manifest}};
    if (!one.stream.empty()) item["stream"] = one.stream;
    if (holder) item["runner"] = {{"process", holder->process}, {"host", holder->host}, {"since", holder->since}};
    item["entries"] = one.entries;
    item["bytes"] = one.bytes;
    list.push_back(std::move(item));
  }
  constexpr std::size_t kNumbers = 4;
  const std::string none = "no state is kept in " + view.state.shown + "\n";
  return output.succeed(view.pipelines.empty() ? none : list_text(rows, kNumbers), {{"pipelines", std::move(list)}});
}

std::string expiry_text(const state::Entry& entry) {
  return entry.expires_ns == state::kNever ? std::string() : observe::time_text(entry.expires_ns);
}

base::Result<std::vector<std::string>> names_of(const StateView& view, const StatePipeline& pipeline) {
  std::vector<std::string> names;
  WEIR_TRY_ASSIGN(const auto keys, view.state.store->list(""));
  for (const auto& key : keys) {
    auto parts = state::pipeline_key_of(key);
    if (parts && parts->pipeline == pipeline.id) names.push_back(std::move(parts->name));
  }
  return names;
}

int list_entries(const StateView& view, const StatePipeline& pipeline, const std::string& prefix, Output& output) {
  const auto names = names_of(view, pipeline);
  if (!names) return output.fail(names.error());
  std::vector<ListRow> rows{{"key", "what it is", "until", "version", "size"}};
  ordered_json list = ordered_json::array();
  for (const auto& name : *names) {
    if (!name.starts_with(prefix)) continue;
    const auto entry = view.state.store->get(state::key_of(pipeline.id, name));
    if (!entry) return output.fail(entry.error());
    if (!*entry) continue;  // gone since
    const auto kind = state::kind_of(name);
    const std::string until = expiry_text(**entry);
    rows.push_back({name, std::string(kind.what), until, base::format_count((*entry)->version),
                    base::format_bytes((*entry)->value.size())});
    ordered_json item{{"key", name}, {"what", kind.what}, {"version", (*entry)->version}};
    if (!until.empty()) item["until"] = until;
    item["bytes"] = (*entry)->value.size();
    list.push_back(std::move(item));
  }
  constexpr std::size_t kNumbers = 3;
  return output.succeed(
      list.empty() ? "no key of " + pipeline.shown() + " begins with '" + prefix + "'\n" : list_text(rows, kNumbers),
      {{"pipeline", pipeline.shown()}, {"id", pipeline.id}, {"entries", list}});
}

int list_state_command(const LookArguments& arguments, Output& output) {
  const auto view = open_state_view(arguments.pipeline);
  if (!view) return output.fail(view.error());
  if (arguments.pipeline.empty()) return list_pipelines(*view, output);
  const auto pipeline = find_state_pipeline(*view, arguments.pipeline);
  if (!pipeline) return output.fail(pipeline.error());
  return list_entries(*view, **pipeline, arguments.prefix, output);
}

int get_command(const LookArguments& arguments, Output& output) {
  const auto view = open_state_view(arguments.pipeline);
  if (!view) return output.fail(view.error());
  const auto pipeline = find_state_pipeline(*view, arguments.pipeline);
  if (!pipeline) return output.fail(pipeline.error());
  const auto entry = find_entry(*view, **pipeline, arguments.key);
  if (!entry) return output.fail(entry.error());
  const auto kind = state::kind_of(arguments.key);
  const ordered_json value = arguments.raw ? plain_value(entry->value) : shown_value(kind, entry->value);
  ordered_json document{{"pipeline", (*pipeline)->shown()},
                        {"id", (*pipeline)->id},
                        {"key", arguments.key},
                        {"what", kind.what},
                        {"version", entry->version}};
  if (entry->expires_ns != state::kNever) document["until"] = expiry_text(*entry);
  document["value"] = value;
  if (arguments.raw && !output.json()) {  // nothing is taken out, or added
    std::fwrite(entry->value.data(), 1, entry->value.size(), stdout);
    return std::fflush(stdout) == 0 ? 0 : 1;
  }
  return output.succeed((value.is_string() ? value.get<std::string>() : value.dump(2)) + "\n", document);
}

}  // namespace

void add_state(CLI::App& program, Action& action) {
  CLI::App& state =
      *program.add_subcommand("state", "shows, changes, backs up and restores what weir remembers between runs");
  state.require_subcommand(1);
  auto arguments = std::make_shared<LookArguments>();
  CLI::App& list = *state.add_subcommand("list", "lists the pipelines that have state, or the keys of one");
  list.add_option("PIPELINE", arguments->pipeline, "its name, its id or how that begins, or its manifest");
  list.add_option("--prefix", arguments->prefix, "only keys that begin so")->type_name("TEXT");
  list.callback([arguments, &action] {
    action = [arguments](Output& output) { return list_state_command(*arguments, output); };
  });
  CLI::App& get = *state.add_subcommand("get", "shows what stands under a key of a pipeline");
  get.add_option("PIPELINE", arguments->pipeline, "its name, its id or how that begins, or its manifest")->required();
  get.add_option("KEY", arguments->key, "as weir state list shows it")->required();
  get.add_flag("--raw", arguments->raw,
               "the bytes as they stand there, also what plugins have written: it may hold secrets");
  get.callback(
      [arguments, &action] { action = [arguments](Output& output) { return get_command(*arguments, output); }; });
  add_state_change(state, action);
  add_state_backup(state, action);
}

}  // namespace weir::cli
