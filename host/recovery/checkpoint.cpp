#include "recovery/checkpoint.hpp"

#include <chrono>
#include <nlohmann/json.hpp>
#include <random>

namespace weir::recovery {
namespace {

using nlohmann::json;

std::string hex(const std::string& bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    text += kDigits[value >> 4U];
    text += kDigits[value & 15U];
  }
  return text;
}

int digit(char letter) {
  if (letter >= '0' && letter <= '9') return letter - '0';
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

bool from_hex(const std::string& text, std::string& bytes) {
  if (text.size() % 2 != 0) return false;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = digit(text[i]), low = digit(text[i + 1]);
    if (high < 0 || low < 0) return false;
    bytes += static_cast<char>((high << 4) | low);
  }
  return true;
}

json all_hex(const std::vector<std::string>& items) {
  json list = json::array();
  for (const auto& item : items) list.push_back(hex(item));
  return list;
}

// None: it is not a list of hexadecimal texts.
std::optional<std::vector<std::string>> all_from_hex(const json& list) {
  if (!list.is_array()) return std::nullopt;
  std::vector<std::string> items(list.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    const json& item = list[i];
    if (!item.is_string() || !from_hex(item.get_ref<const std::string&>(), items[i])) return std::nullopt;
  }
  return items;
}

bool has_text(const json& object, const char* name) { return object.contains(name) && object[name].is_string(); }

bool is_run_record(const json& value) {
  return value.is_object() && has_text(value, "run") && has_text(value, "fingerprint") && value.contains("fence") &&
         value["fence"].is_number_unsigned() && value.contains("complete") && value["complete"].is_boolean();
}

base::Error damaged(const std::string& key) {
  return base::make_error(base::Status::data_loss, base::Fault::host, "state.damaged",
                          "expected a record of this host in the state store under '" + key + "', found something else")
      .with_hint("if nothing of the pipeline's last run must be finished, remove the state folder");
}

}  // namespace

Restart decide(const std::optional<Checkpoint>& checkpoint, std::optional<std::uint64_t> atomic_committed) {
  const std::uint64_t newest = checkpoint ? checkpoint->epoch : 0;
  if (!atomic_committed) return checkpoint ? Restart::publish : Restart::begin_anew;
  if (*atomic_committed == newest) return newest == 0 ? Restart::begin_anew : Restart::publish;
  return *atomic_committed + 1 == newest ? Restart::begin_anew : Restart::foreign;
}

Checkpoints::Checkpoints(state::Store& store, std::string pipeline, std::string lane)
    : store_(store), pipeline_(std::move(pipeline)), lane_(std::move(lane)) {}

base::Result<std::optional<RunRecord>> Checkpoints::last_run() {
  const std::string key = state::run_key(pipeline_);
  WEIR_TRY_ASSIGN(const auto entry, store_.get(key));
  if (!entry) return std::optional<RunRecord>();
  run_version_ = entry->version;
  const json value = json::parse(entry->value, nullptr, false);
  if (!is_run_record(value)) return base::unexpected(damaged(key));
  return std::optional<RunRecord>(RunRecord{value["run"], value["fence"], value["complete"], value["fingerprint"]});
}

base::Result<void> Checkpoints::put(const std::string& key, const std::string& value, std::uint64_t& version) {
  WEIR_TRY_ASSIGN(const auto stored, store_.put(key, value, version));
  if (stored) {
    version = *stored;
    return {};
  }
  return base::unexpected(
      base::make_error(base::Status::aborted, base::Fault::host, "state.taken",
                       "expected to hold the pipeline alone, found that another host has written its state"));
}

base::Result<void> Checkpoints::save(const RunRecord& record) {
  const json value{
      {"run", record.run}, {"fence", record.fence}, {"complete", record.complete}, {"fingerprint", record.fingerprint}};
  return put(state::run_key(pipeline_), value.dump(), run_version_);
}

base::Result<std::optional<Checkpoint>> Checkpoints::checkpoint(std::uint64_t epoch) {
  const std::string key = state::checkpoint_key(pipeline_, lane_, epoch);
  WEIR_TRY_ASSIGN(const auto entry, store_.get(key));
  checkpoint_version_ = entry ? entry->version : 0;
  if (!entry) return std::optional<Checkpoint>();
  const json value = json::parse(entry->value, nullptr, false);
  if (!value.is_object() || !has_text(value, "fingerprint")) return base::unexpected(damaged(key));
  Checkpoint checkpoint{epoch, value["fingerprint"], {}};
  const auto loads = value.find("committables");
  if (loads == value.end() || !loads->is_object()) return base::unexpected(damaged(key));
  for (const auto& [link, list] : loads->items()) {
    auto committables = all_from_hex(list);
    if (!committables) return base::unexpected(damaged(key));
    checkpoint.committables.emplace(link, std::move(*committables));
  }
  return std::optional<Checkpoint>(std::move(checkpoint));
}

base::Result<void> Checkpoints::save(const Checkpoint& checkpoint) {
  json value{{"fingerprint", checkpoint.fingerprint}, {"committables", json::object()}};
  for (const auto& [link, committables] : checkpoint.committables) value["committables"][link] = all_hex(committables);
  return put(state::checkpoint_key(pipeline_, lane_, checkpoint.epoch), value.dump(), checkpoint_version_);
}

base::Result<void> Checkpoints::remove_checkpoint(std::uint64_t epoch) {
  checkpoint_version_ = 0;
  return store_.remove(state::checkpoint_key(pipeline_, lane_, epoch));
}

std::string new_run_id() {
  static constexpr char kAlphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  auto time = static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
  std::random_device chance;
  std::string id(26, '0');
  for (std::size_t i = 10; i-- > 0; time >>= 5U) id[i] = kAlphabet[time & 31U];
  for (std::size_t i = 10; i < id.size(); ++i) id[i] = kAlphabet[chance() & 31U];
  return id;
}

}  // namespace weir::recovery
