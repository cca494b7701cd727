// weir state set, weir state delete: while nothing runs the pipeline
#include <algorithm>
#include <limits>

#include "base/counted.hpp"
#include "base/units.hpp"
#include "cli/commands.hpp"
#include "cli/state_view.hpp"
#include "cli/usage.hpp"
#include "observe/time_text.hpp"

namespace weir::cli {
namespace {

using nlohmann::ordered_json;

struct ChangeArguments {
  std::string pipeline, key, value, ttl;
  std::uint64_t expect = 0;
  bool expect_is_said = false;
  bool force = false;
};

base::Error destroys(const std::string& key, const state::KeyKind& kind) {
  return base::manifest_error("state.destroys", "expected --force, for '" + key + "' is " + std::string(kind.what) +
                                                    ": without it " + std::string(kind.lost))
      .with_hint("weir state backup FILE keeps all of it first; weir run --fresh begins a pipeline anew by itself");
}

base::Error conflict(const std::string& key, std::uint64_t expected, const std::optional<state::Entry>& found) {
  const auto version = [](std::uint64_t number) {
    return number == 0 ? std::string("not to be there") : "at version " + std::to_string(number);
  };
  return base::make_error(base::Status::aborted, base::Fault::host, "state.conflict",
                          "expected '" + key + "' " + version(expected) + ", found it " +
                              (found ? version(found->version) : std::string("gone")) + ": nothing was changed")
      .with_hint("weir state get shows what is there now, and its version");
}

// A pipeline that this process has alone, and what is there under a key of it.
struct Held {
  StateView view;
  StatePipeline pipeline;
  std::string key;  // of the store
  std::optional<state::PipelineLock> lock;
  std::optional<state::Entry> entry;
  std::uint64_t expected = 0;
};

base::Result<Held> hold(const ChangeArguments& arguments) {
  Held held;
  WEIR_TRY_ASSIGN(held.view, open_state_view(arguments.pipeline));
  WEIR_TRY_ASSIGN(const auto* const pipeline, find_state_pipeline(held.view, arguments.pipeline));
  held.pipeline = *pipeline;
  WEIR_TRY(check_key_name(arguments.key));
  held.key = state::key_of(pipeline->id, arguments.key);
  WEIR_TRY_ASSIGN(held.lock, state::PipelineLock::take(held.view.folder, pipeline->lock_id(), pipeline->shown()));
  WEIR_TRY_ASSIGN(held.entry, held.view.state.store->get(held.key));
  const std::uint64_t found = held.entry ? held.entry->version : 0;
  held.expected = arguments.expect_is_said ? arguments.expect : found;
  if (held.expected != found) return base::unexpected(conflict(arguments.key, held.expected, held.entry));
  return held;
}

base::Result<std::int64_t> expiry_of(const ChangeArguments& arguments) {
  if (arguments.ttl.empty()) return state::kNever;
  auto age = base::parse_duration_ns(arguments.ttl);
  if (!age) {
    base::Error error = std::move(age).error();
    error.message = "--ttl: " + error.message;
    return base::unexpected(std::move(error));
  }
  const std::int64_t now = observe::now_ns(), most = std::numeric_limits<std::int64_t>::max() - now;
  return now + std::min(*age, most);
}

// What only makes sense if weir itself writes it is not taken.
base::Result<void> check_value(const ChangeArguments& arguments) {
  const auto kind = state::kind_of(arguments.key);
  if (kind.is_hosts) {
    return base::unexpected(
        base::manifest_error("state.host_key", "expected a key that people may set, found '" + arguments.key + "', " +
                                                   std::string(kind.what) + ", which weir alone writes")
            .with_hint("keys of your own begin with own/; weir state delete takes one of weir's away"));
  }
  if (kind.name != "streams") return {};
  const auto value = ordered_json::parse(arguments.value, nullptr, false);
  const auto is_text = [](const ordered_json& name) { return name.is_string(); };
  if (value.is_array() && std::all_of(value.begin(), value.end(), is_text)) return {};
  return base::unexpected(
      base::manifest_error("state.value",
                           "expected the names of streams, as a JSON list of texts, found '" + arguments.value + "'")
          .with_hint("such as [\"orders\",\"customers\"]"));
}

int set_command(const ChangeArguments& arguments, Output& output) {
  if (const auto good = check_value(arguments); !good) return output.fail(good.error());
  const auto expiry = expiry_of(arguments);
  if (!expiry) return output.fail(expiry.error());
  auto held = hold(arguments);
  if (!held) return output.fail(held.error());
  const auto kind = state::kind_of(arguments.key);
  if (held->entry && !kind.lost.empty() && !arguments.force) return output.fail(destroys(arguments.key, kind));
  const auto version = held->view.state.store->put(held->key, arguments.value, held->expected, *expiry);
  if (!version) return output.fail(version.error());
  if (!*version) return output.fail(conflict(arguments.key, held->expected, held->entry));
  ordered_json document{{"pipeline", held->pipeline.shown()}, {"key", arguments.key}, {"version", **version}};
  std::string text = arguments.key + " of " + held->pipeline.shown() + " is set, version " + std::to_string(**version);
  if (*expiry != state::kNever) {
    document["until"] = observe::time_text(*expiry);
    text += ", until " + observe::time_text(*expiry);
  }
  return output.succeed(text + "\n", document);
}

// With the record of a run goes what the run is gone on with: nobody could take that away later.
base::Result<std::vector<state::Change>> what_goes(const Held& held, const std::string& name) {
  std::vector<state::Change> changes{{held.key, std::nullopt}};
  const std::string_view kind = state::kind_of(name).name;
  if (kind != "run") return changes;
  for (const char* const of_run : {"checkpoint", "delta", "item"}) {
    const std::string prefix = state::key_of(held.pipeline.id, of_run + name.substr(kind.size()) + "/");
    WEIR_TRY_ASSIGN(const auto keys, held.view.state.store->list(prefix));
    for (const auto& key : keys) changes.push_back({key, std::nullopt});
  }
  return changes;
}

int delete_command(const ChangeArguments& arguments, Output& output) {
  auto held = hold(arguments);
  if (!held) return output.fail(held.error());
  if (!held->entry) {
    const auto missing = find_entry(held->view, held->pipeline, arguments.key);
    return missing ? output.fail(conflict(arguments.key, 0, *missing)) : output.fail(missing.error());
  }
  const auto kind = state::kind_of(arguments.key);
  if (!kind.lost.empty() && !arguments.force) return output.fail(destroys(arguments.key, kind));
  const auto changes = what_goes(*held, arguments.key);
  if (!changes) return output.fail(changes.error());
  const auto gone = held->view.state.store->apply(*changes, held->key, held->expected);
  if (!gone) return output.fail(gone.error());
  if (!*gone) return output.fail(conflict(arguments.key, held->expected, held->entry));
  const std::size_t with = changes->size() - 1;
  return output.succeed(arguments.key + " of " + held->pipeline.shown() + " is deleted" +
                            (with == 0 ? "" : ", and what it is gone on with: " + base::counted(with, "key")) + "\n",
                        {{"pipeline", held->pipeline.shown()}, {"key", arguments.key}, {"deleted", changes->size()}});
}

CLI::Option* add_change(CLI::App& command, ChangeArguments& arguments) {
  command.add_option("PIPELINE", arguments.pipeline, "its name, its id or how that begins, or its manifest")
      ->required();
  command.add_option("KEY", arguments.key, "as weir state list shows it; one of your own begins with own/")->required();
  command.add_flag("--force", arguments.force,
                   "also where something that weir needs is lost: it is told what, without");
  return command
      .add_option("--expect", arguments.expect, "only if the key is at this version still; 0: if it is not there")
      ->type_name("VERSION")
      ->check(whole_number());
}

}  // namespace

void add_state_change(CLI::App& state, Action& action) {
  auto arguments = std::make_shared<ChangeArguments>();
  CLI::App& set = *state.add_subcommand("set", "sets a key of a pipeline, while nothing runs it");
  const CLI::Option* const expected = add_change(set, *arguments);
  set.add_option("VALUE", arguments->value, "any text")->required();
  set.add_option("--ttl", arguments->ttl, "it is there for so long: 12h, 30d (default: until it is deleted)")
      ->type_name("DURATION");
  set.callback([arguments, expected, &action] {
    arguments->expect_is_said = expected->count() > 0;
    action = [arguments](Output& output) { return set_command(*arguments, output); };
  });
  CLI::App& remove = *state.add_subcommand("delete", "deletes a key of a pipeline, while nothing runs it");
  const CLI::Option* const found = add_change(remove, *arguments);
  remove.callback([arguments, found, &action] {
    arguments->expect_is_said = found->count() > 0;
    action = [arguments](Output& output) { return delete_command(*arguments, output); };
  });
}

}  // namespace weir::cli
