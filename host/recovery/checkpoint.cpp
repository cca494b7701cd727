#include "recovery/checkpoint.hpp"

#include <charconv>
#include <cstdint>
#include <iterator>
#include <nlohmann/json.hpp>
#include <random>

#include "base/hex.hpp"

namespace weir::recovery {
namespace {

using base::to_hex;
using nlohmann::json;
using state::Change;

json all_hex(const std::vector<std::string>& items) {
  json list = json::array();
  for (const auto& item : items) list.push_back(to_hex(item));
  return list;
}

// Throws what nlohmann throws, for a text that is not hexadecimal too.
std::string bytes_of(const json& value) {
  auto bytes = base::from_hex(value.get_ref<const std::string&>());
  if (!bytes) throw json::other_error::create(501, "not hexadecimal", nullptr);
  return std::move(*bytes);
}

std::vector<std::string> all_bytes_of(const json& list) {
  std::vector<std::string> items;
  for (const auto& item : list.get_ref<const json::array_t&>()) items.push_back(bytes_of(item));
  return items;
}

base::Error damaged(const std::string& key) {
  return base::make_error(base::Status::data_loss, base::Fault::host, "state.damaged",
                          "expected a record of this host in the state store under '" + key + "', found something else")
      .with_hint("if nothing of the pipeline's last run must be finished, remove the state folder");
}

base::Error newer_record(const std::string& key, std::uint64_t found) {
  return base::make_error(base::Status::failed_precondition, base::Fault::host, "state.newer",
                          "expected a record of schema version " + std::to_string(kRecordSchema) +
                              " or an older one in the state store under '" + key + "', found " +
                              std::to_string(found) + ": a newer weir has written it")
      .with_hint("run the pipeline with that weir, or give this one another state folder with XDG_STATE_HOME");
}

// What version 2 says that version 1 left out. Throws what nlohmann throws, as all that reads a record does.
void bring_from_1(json& record) {
  if (!record.contains("loads")) return;  // no checkpoint
  for (auto& split : record.at("open")) split.emplace("bytes", std::uint64_t{0});
  for (auto& load : record.at("loads")) load.emplace("objects", json::array());
}

// What `read` makes of a JSON text, of whatever version.
template <class Read>
auto parsed_checkpoint(const std::string& key, const std::string& text, Read read)
    -> base::Result<decltype(read(json()))> {
  try {
    json record = json::parse(text);
    const std::uint64_t schema =
        record.contains("schema") ? record["schema"].get_ref<const json::number_unsigned_t&>() : 1;
    if (schema > kRecordSchema) return base::unexpected(newer_record(key, schema));
    if (schema < 2) bring_from_1(record);
    return read(record);
  } catch (const json::exception&) {
    return base::unexpected(damaged(key));
  }
}

std::string text_of_checkpoint(const Checkpoint& checkpoint) {
  json open = json::object(), loads = json::object();
  for (const auto& [split, at] : checkpoint.open)
    open[to_hex(split)] = {{"position", to_hex(at.position)}, {"version", to_hex(at.version)}, {"bytes", at.bytes}};
  for (const auto& [link, load] : checkpoint.loads) {
    json objects = json::array();
    for (const auto& object : load.objects) objects.push_back(integrity::to_json(object));
    loads[link] = {{"committables", all_hex(load.committables)},
                   {"undo", all_hex(load.undo)},
                   {"resume", to_hex(load.resume)},
                   {"objects", std::move(objects)}};
  }
  return json{{"schema", kRecordSchema},
              {"epoch", checkpoint.epoch},
              {"last", checkpoint.last},
              {"manifest", checkpoint.manifest},
              {"fingerprint", checkpoint.fingerprint},
              {"totals", checkpoint.totals},
              {"open", std::move(open)},
              {"loads", std::move(loads)}}
      .dump();
}

Checkpoint checkpoint_of(const json& value) {
  Checkpoint checkpoint;
  checkpoint.epoch = value.at("epoch").get_ref<const json::number_unsigned_t&>();
  checkpoint.last = value.at("last").get<bool>();
  checkpoint.manifest = value.at("manifest").get<std::string>();
  checkpoint.fingerprint = value.at("fingerprint").get<std::string>();
  checkpoint.totals = value.at("totals").get<std::string>();
  for (const auto& [split, at] : value.at("open").items())
    checkpoint.open[bytes_of(split)] = {bytes_of(at.at("position")), bytes_of(at.at("version")),
                                        at.at("bytes").get<std::uint64_t>()};
  for (const auto& [link, load] : value.at("loads").items()) {
    auto& left = checkpoint.loads[link];
    left = {all_bytes_of(load.at("committables")), all_bytes_of(load.at("undo")), bytes_of(load.at("resume"))};
    for (const auto& object : load.at("objects")) left.objects.push_back(integrity::written_object_of(object));
  }
  return checkpoint;
}

std::string item_name(const Item& item) { return to_hex(item.owner) + "/" + to_hex(item.key); }

// Puts an item into `items`, or takes it out; `value` as it stands in a delta.
void take_item(Items& items, std::string_view name, std::string_view value) {
  const std::size_t slash = name.find('/');
  const auto owner = base::from_hex(name.substr(0, slash));
  const auto key = slash == std::string_view::npos ? std::nullopt : base::from_hex(name.substr(slash + 1));
  if (!owner || !key || value.empty()) return;
  if (value.front() == '=')
    items[*owner][*key] = value.substr(1);
  else
    items[*owner].erase(*key);
}

}  // namespace

Checkpoints::Checkpoints(state::Store& store, std::string pipeline, std::string lane)
    : store_(store), pipeline_(std::move(pipeline)), lane_(std::move(lane)) {}

base::Result<std::optional<RunRecord>> Checkpoints::last_run() {
  const std::string key = state::run_key(pipeline_);
  WEIR_TRY_ASSIGN(const auto entry, store_.get(key));
  if (!entry) return std::optional<RunRecord>();
  run_version_ = entry->version;
  WEIR_TRY_ASSIGN(RunRecord record, parsed_checkpoint(key, entry->value, [](const json& value) {
                    return RunRecord{value.at("run").get<std::string>(),
                                     value.at("fence").get_ref<const json::number_unsigned_t&>(),
                                     value.at("complete").get<bool>(), value.at("fingerprint").get<std::string>()};
                  }));
  complete_ = record.complete;
  return std::optional<RunRecord>(std::move(record));
}

namespace {

base::Unexpected taken() {
  return base::unexpected(
      base::make_error(base::Status::aborted, base::Fault::host, "state.taken",
                       "expected to hold the pipeline alone, found that another host has written its state"));
}

}  // namespace

base::Result<void> Checkpoints::save(const RunRecord& record) {
  const json value{{"schema", kRecordSchema},
                   {"run", record.run},
                   {"fence", record.fence},
                   {"complete", record.complete},
                   {"fingerprint", record.fingerprint}};
  const std::string key = state::run_key(pipeline_);
  if (run_version_ > 0) {
    WEIR_TRY(apply({{key, value.dump()}}));
    ++run_version_;
  } else {
    WEIR_TRY_ASSIGN(const auto stored, store_.put(key, value.dump(), 0));
    if (!stored) return taken();
    run_version_ = *stored;
    WEIR_TRY(write_notes());
  }
  complete_ = record.complete;
  return {};
}

base::Result<void> Checkpoints::confirm() {
  WEIR_TRY_ASSIGN(const auto entry, store_.get(state::run_key(pipeline_)));
  return entry && entry->version == run_version_ ? base::Result<void>() : taken();
}

base::Result<void> Checkpoints::apply(std::vector<Change> changes) {
  changes.insert(changes.end(), std::make_move_iterator(notes_.begin()), std::make_move_iterator(notes_.end()));
  notes_.clear();
  if (changes.empty()) return {};
  WEIR_TRY_ASSIGN(const bool applied, store_.apply(changes, state::run_key(pipeline_), run_version_));
  return applied ? base::Result<void>() : taken();
}

// In order.
base::Result<std::vector<std::uint64_t>> Checkpoints::epochs() {
  const std::string prefix = state::checkpoint_prefix(pipeline_, lane_);
  WEIR_TRY_ASSIGN(const auto keys, store_.list(prefix));
  std::vector<std::uint64_t> epochs;
  for (const auto& key : keys) {
    std::uint64_t epoch = 0;
    const auto read = std::from_chars(key.data() + prefix.size(), key.data() + key.size(), epoch);
    if (read.ec != std::errc() || read.ptr != key.data() + key.size()) return base::unexpected(damaged(key));
    epochs.push_back(epoch);
  }
  return epochs;
}

base::Result<Left> Checkpoints::left() {
  Left left;
  left.complete = complete_;
  WEIR_TRY_ASSIGN(const auto kept, epochs());
  if (kept.empty()) return left;
  left.newest = kept.back();
  left.before_is_there = left.newest == 1 || (kept.size() > 1 && kept[kept.size() - 2] + 1 == left.newest);
  WEIR_TRY_ASSIGN(const auto newest, checkpoint(left.newest));
  left.newest_is_last = newest && newest->last;
  return left;
}

base::Result<std::optional<Checkpoint>> Checkpoints::checkpoint(std::uint64_t epoch) {
  const std::string key = state::checkpoint_key(pipeline_, lane_, epoch);
  WEIR_TRY_ASSIGN(const auto entry, store_.get(key));
  if (!entry) return std::optional<Checkpoint>();
  WEIR_TRY_ASSIGN(auto checkpoint, parsed_checkpoint(key, entry->value, checkpoint_of));
  return std::optional<Checkpoint>(std::move(checkpoint));
}

base::Result<void> Checkpoints::store(const Checkpoint& checkpoint, const std::vector<Item>& items) {
  const std::string prefix = state::delta_prefix(pipeline_, lane_, checkpoint.epoch);
  std::vector<Change> changes{
      {state::checkpoint_key(pipeline_, lane_, checkpoint.epoch), text_of_checkpoint(checkpoint)}};
  for (const Item& item : items) changes.push_back({prefix + item_name(item), item.value ? "=" + *item.value : "-"});
  return apply(std::move(changes));
}

base::Result<void> Checkpoints::drop(std::uint64_t epoch) {
  std::vector<Change> changes{{state::checkpoint_key(pipeline_, lane_, epoch), std::nullopt}};
  WEIR_TRY_ASSIGN(const auto delta, store_.list(state::delta_prefix(pipeline_, lane_, epoch)));
  for (const auto& key : delta) changes.push_back({key, std::nullopt});
  return apply(std::move(changes));
}

base::Result<void> Checkpoints::forget(std::uint64_t epoch) {
  const std::string from = state::delta_prefix(pipeline_, lane_, epoch), to = state::item_prefix(pipeline_, lane_);
  std::vector<Change> changes{{state::checkpoint_key(pipeline_, lane_, epoch), std::nullopt}};
  WEIR_TRY(store_.each(from, [&](std::string_view key, std::string_view value) {
    const std::string name = to + std::string(key.substr(from.size()));
    changes.push_back({name, value.starts_with('=') ? std::optional<std::string>(value) : std::nullopt});
    changes.push_back({std::string(key), std::nullopt});
  }));
  return apply(std::move(changes));
}

base::Result<Items> Checkpoints::items(std::uint64_t epoch) {
  Items items;
  const auto add = [&](const std::string& prefix) {
    return store_.each(prefix, [&](std::string_view key, std::string_view value) {
      take_item(items, key.substr(prefix.size()), value);
    });
  };
  WEIR_TRY(add(state::item_prefix(pipeline_, lane_)));
  if (epoch > 1) WEIR_TRY(add(state::delta_prefix(pipeline_, lane_, epoch - 1)));
  WEIR_TRY(add(state::delta_prefix(pipeline_, lane_, epoch)));
  return items;
}

base::Result<void> Checkpoints::clear() {
  std::vector<Change> changes;
  WEIR_TRY_ASSIGN(const auto kept, epochs());
  std::vector<std::string> prefixes{state::item_prefix(pipeline_, lane_)};
  for (const auto epoch : kept) {
    changes.push_back({state::checkpoint_key(pipeline_, lane_, epoch), std::nullopt});
    prefixes.push_back(state::delta_prefix(pipeline_, lane_, epoch));
  }
  for (const auto& prefix : prefixes) {
    WEIR_TRY_ASSIGN(const auto keys, store_.list(prefix));
    for (const auto& key : keys) changes.push_back({key, std::nullopt});
  }
  return apply(std::move(changes));
}

namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kTimeDigits = 10, kIdDigits = 26;
constexpr std::int64_t kMillisecondNs = 1'000'000;

}  // namespace

std::string new_run_id(std::int64_t now_ns) {
  auto time = static_cast<std::uint64_t>(now_ns / kMillisecondNs);
  std::random_device chance;
  std::string id(kIdDigits, '0');
  for (std::size_t i = kTimeDigits; i-- > 0; time >>= 5U) id[i] = kAlphabet[time & 31U];
  for (std::size_t i = kTimeDigits; i < id.size(); ++i) id[i] = kAlphabet[chance() & 31U];
  return id;
}

std::int64_t time_of_run_id(std::string_view id) {
  if (id.size() != kIdDigits) return 0;
  std::uint64_t time = 0;
  for (const char digit : id.substr(0, kTimeDigits)) {
    const std::size_t value = kAlphabet.find(digit);
    if (value == std::string_view::npos) return 0;
    time = time << 5U | value;
  }
  constexpr auto kMost = static_cast<std::uint64_t>(INT64_MAX / kMillisecondNs);
  return time > kMost ? 0 : static_cast<std::int64_t>(time) * kMillisecondNs;
}

}  // namespace weir::recovery
