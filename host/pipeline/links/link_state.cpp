#include "pipeline/links/link_state.hpp"

#include <algorithm>
#include <new>

#include "base/units.hpp"
#include "base/utf8.hpp"

namespace weir::pipeline {
namespace {

constexpr std::size_t kItemsInCall = 4096;
constexpr std::size_t kBytesInCall = 1U << 20U;  // but for an item that is larger alone

base::Error misbehaved(const Component& component, const std::string& what) {
  return plugins::misbehaviour({component.plugin, component.link, "snapshot"}, "plugin.bad_state", what);
}

std::string shown(std::string_view key) { return "'" + base::printable(key.substr(0, 64)) + "'"; }

// Keeps what an instance tells, and the first thing that is wrong with it: no exception goes back through the plugin's frames.
class ChangeSink : public weir_state_sink {
 public:
  explicit ChangeSink(const Component& component)
      : weir_state_sink{sizeof(weir_state_sink), put_call, remove_call}, component_(component) {}

  void clear() {  // before a call is repeated
    changes_.clear();
    failure_.reset();
  }
  base::Result<std::vector<StateChange>> take() {
    if (!failure_) check_once();
    if (failure_) return base::unexpected(*std::move(failure_));
    return std::move(changes_);
  }
  bool failed() const { return failure_.has_value(); }

 private:
  static ChangeSink& mine(const weir_state_sink* self) {
    return *const_cast<ChangeSink*>(static_cast<const ChangeSink*>(self));
  }
  static weir_status put_call(const weir_state_sink* self, weir_bytes key, weir_bytes value) {
    return mine(self).take(key, &value);
  }
  static weir_status remove_call(const weir_state_sink* self, weir_bytes key) { return mine(self).take(key, nullptr); }

  weir_status take(weir_bytes key, const weir_bytes* value) {
    if (failure_) return WEIR_CANCELLED;
    try {
      StateChange change;
      if (!copy(key, "key", kMostKeyBytes, change.key)) return WEIR_INTERNAL;
      if (value != nullptr && !copy(*value, "value", kMostValueBytes, change.value.emplace())) return WEIR_INTERNAL;
      changes_.push_back(std::move(change));
      return WEIR_OK;
    } catch (const std::bad_alloc&) {
      failure_ = base::make_error(base::Status::resource_exhausted, base::Fault::host, "run.out_of_memory",
                                  "expected enough memory for the run, found none left");
      return WEIR_CANCELLED;
    }
  }

  bool copy(weir_bytes bytes, const std::string& what, std::uint64_t most, std::string& to) {
    if (bytes.length > most) {
      failure_ = misbehaved(component_, "expected a " + what + " of at most " + base::format_binary_bytes(most) +
                                            ", found " + base::format_count(bytes.length) + " bytes");
    } else if (bytes.length > 0 && bytes.data == nullptr) {
      failure_ = misbehaved(component_, "expected a " + what + " of " + base::format_count(bytes.length) +
                                            " bytes, found a null pointer");
    } else if (bytes.length > 0) {
      to.assign(reinterpret_cast<const char*>(bytes.data), bytes.length);
    }
    return !failure_;
  }

  void check_once() {
    std::vector<const std::string*> keys;
    keys.reserve(changes_.size());
    for (const auto& change : changes_) keys.push_back(&change.key);
    std::sort(keys.begin(), keys.end(), [](const auto* a, const auto* b) { return *a < *b; });
    const auto twice =
        std::adjacent_find(keys.begin(), keys.end(), [](const auto* a, const auto* b) { return *a == *b; });
    if (twice == keys.end()) return;
    failure_ = misbehaved(component_, "expected each key once, found " + shown(**twice) + " twice");
  }

  const Component& component_;
  std::vector<StateChange> changes_;
  std::optional<base::Error> failure_;
};

// How many of the items go into one call.
std::size_t fitting(std::span<const StateItem> items) {
  std::size_t count = 0, bytes = 0;
  while (count < items.size() && count < kItemsInCall) {
    bytes += items[count].key.size() + items[count].value.size();
    if (count > 0 && bytes > kBytesInCall) break;
    ++count;
  }
  return count;
}

weir_bytes lent(const std::string& text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

}  // namespace

const weir_state* state_of(const Component& component) {
  const auto* const state = static_cast<const weir_state*>(component.extension(WEIR_STATE));
  if (state == nullptr || !WEIR_CAN(state, snapshot) || !WEIR_CAN(state, restore)) return nullptr;
  return WEIR_CAN(state, remembers) && state->remembers(component.config->get()) == 0 ? nullptr : state;
}

base::Result<std::vector<StateChange>> take_snapshot(const Component& component, void* self) {
  ChangeSink changes(component);
  const auto called = component.call(
      "snapshot",
      [&](weir_error* error) {
        changes.clear();
        return state_of(component)->snapshot(self, &changes, error);
      },
      [&] { return !changes.failed(); });
  if (!called && !changes.failed()) return base::unexpected(called.error());
  return changes.take();
}

base::Result<void> restore_state(const Component& component, void* self, std::span<const StateItem> items, bool last) {
  std::vector<weir_bytes> keys, values;
  keys.reserve(kItemsInCall);  // so that neither pointer is null, also of no items
  values.reserve(kItemsInCall);
  while (!items.empty() || last) {
    const auto some = items.first(fitting(items));
    items = items.subspan(some.size());
    keys.clear();
    values.clear();
    for (const auto& item : some) {
      keys.push_back(lent(item.key));
      values.push_back(lent(item.value));
    }
    const bool all = last && items.empty();
    WEIR_TRY(component.call("restore", [&](weir_error* error) {
      return state_of(component)->restore(self, keys.data(), values.data(), some.size(), all ? 1 : 0, error);
    }));
    if (items.empty()) break;
  }
  return {};
}

}  // namespace weir::pipeline
