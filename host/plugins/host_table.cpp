// The host's functions, as a plugin calls them. Nothing that is thrown here may reach the plugin: each thunk ends it.
#include "plugins/host_table.hpp"

#include <algorithm>
#include <ctime>

#include <weir/ext/draft/earlier.h>
#include <nlohmann/json.hpp>

#include "base/utf8.hpp"
#include "plugins/memory.hpp"
#include "plugins/running_call.hpp"

namespace weir::plugins {
namespace {

constexpr std::size_t kMaxEvent = 256;
constexpr std::size_t kMaxDetail = 64 * 1024;

std::string_view view_or_empty(weir_string text) {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.length);
}

observe::Level log_level_of(std::int32_t level) {
  if (level <= WEIR_LOG_DEBUG) return observe::Level::debug;
  if (level == WEIR_LOG_INFO) return observe::Level::info;
  return level == WEIR_LOG_WARNING ? observe::Level::warning : observe::Level::error;
}

std::uint64_t earlier_rows(const weir_host* self, std::uint64_t* rows, std::uint64_t room) {
  try {
    const auto counts = HostTable::of(self).earlier_rows(room);
    std::copy(counts.begin(), counts.end(), rows);
    return counts.size();
  } catch (...) {
    return 0;  // as where none is kept
  }
}

constexpr weir_earlier kEarlierTable = {sizeof kEarlierTable, &earlier_rows};

void judged(const weir_host* self, const weir_judgement* judgement) {
  if (judgement == nullptr || judgement->size < sizeof *judgement) return;
  try {
    HostTable::of(self).judged(*judgement);
  } catch (...) {
    // Ignored: a judgement that nobody can remember is lost; the plugin goes on.
  }
}

constexpr weir_quality kQualityTable = {sizeof kQualityTable, &judged};

}  // namespace

std::int64_t monotonic_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1000000000 + now.tv_nsec;
}

HostTable::HostTable(HostServices services, std::string link, std::string plugin)
    : services_(std::move(services)), link_(std::move(link)), plugin_(std::move(plugin)) {
  table_.size = sizeof(weir_host);
  table_.abi = WEIR_ABI;
  table_.now = &HostTable::now;
  table_.log = &HostTable::log;
  table_.extension = &HostTable::extension;
  table_.cancelled = &HostTable::cancelled;
  table_.owner = this;
}

std::int64_t HostTable::now(const weir_host* self) {
  const HostTable& host = of(self);
  try {
    return host.services_.now ? host.services_.now() : monotonic_ns();
  } catch (...) {
    return monotonic_ns();
  }
}

void HostTable::log(const weir_host* self, std::int32_t level, weir_string event, weir_string detail) {
  const HostTable& host = of(self);
  if (host.services_.log == nullptr || !host.services_.log->enabled(log_level_of(level))) return;
  try {
    host.write(level, view_or_empty(event), view_or_empty(detail));
  } catch (...) {
    // Ignored: a line that can't be written is lost; the plugin goes on.
  }
}

void HostTable::write(std::int32_t level, std::string_view event, std::string_view detail) const {
  observe::LogRecord record;
  record.level = log_level_of(level);
  record.event = base::repaired_utf8(event.substr(0, kMaxEvent));
  record.link = link_;
  record.plugin = plugin_;
  const auto members = nlohmann::ordered_json::parse(detail.substr(0, kMaxDetail), nullptr, false);
  if (members.is_object()) {
    for (const auto& [name, value] : members.items()) {
      if (name == "message" && value.is_string()) {
        record.message = value.get<std::string>();
      } else {
        record.fields.push_back({name, value});
      }
    }
  } else if (!detail.empty()) {
    record.message =
        base::repaired_utf8(detail.substr(0, kMaxDetail));  // not what the ABI asks for, but better than nothing
  }
  services_.log->write(record);
}

const void* HostTable::extension(const weir_host* self, weir_string id) {
  const HostTable& host = of(self);
  if (view_or_empty(id) == WEIR_EARLIER) return &kEarlierTable;
  if (view_or_empty(id) == WEIR_QUALITY) return &kQualityTable;
  return host.memory() != nullptr && view_or_empty(id) == WEIR_MEMORY ? &kMemoryTable : nullptr;
}

std::int32_t HostTable::cancelled(const weir_host* self) {
  const HostTable& host = of(self);
  const bool all = host.services_.cancelled != nullptr && host.services_.cancelled->load(std::memory_order_acquire);
  return all || RunningCall::told_to_stop() ? 1 : 0;
}

}  // namespace weir::plugins
