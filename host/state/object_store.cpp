#include "state/object_store.hpp"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <deque>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include "base/units.hpp"

namespace weir::state {
namespace {

using base::Result;
using base::unexpected;

constexpr std::string_view kMagic = "weir state ", kFirst = "1\n";
constexpr std::size_t kDigestBytes = 16;
constexpr std::size_t kWriterBytes = 16;
constexpr std::size_t kMostWriters = 256;

// All entries at one moment.
struct Contents {
  std::map<std::string, Entry, std::less<>> entries;
  std::uint64_t floor = 0;
  std::deque<std::string> writers;

  bool is_there(const std::map<std::string, Entry, std::less<>>::const_iterator& at, std::int64_t now) const {
    return at != entries.end() && (at->second.expires_ns == kNever || at->second.expires_ns > now);
  }
  void take_out(std::map<std::string, Entry, std::less<>>::iterator at) {
    floor = std::max(floor, at->second.version);
    entries.erase(at);
  }
  void take_out_expired(std::int64_t now) {
    for (auto at = entries.begin(); at != entries.end();) {
      const auto here = at++;
      if (!is_there(here, now)) take_out(here);
    }
  }
  std::uint64_t set(std::string_view key, std::string_view value, std::int64_t expires_ns) {
    auto at = entries.find(key);
    if (at == entries.end()) at = entries.emplace(std::string(key), Entry{{}, floor, kNever}).first;
    Entry& entry = at->second;
    entry.value = value;
    entry.expires_ns = expires_ns;
    return ++entry.version;
  }
};

std::string digest_of(std::string_view body) {
  const XXH128_hash_t hash = XXH3_128bits(body.data(), body.size());
  XXH128_canonical_t bytes;
  XXH128_canonicalFromHash(&bytes, hash);
  return {reinterpret_cast<const char*>(bytes.digest), sizeof bytes.digest};
}

void append_number(std::string& to, std::uint64_t number) {
  for (unsigned bit = 0; bit < 64; bit += 8) to += static_cast<char>(static_cast<unsigned char>(number >> bit));
}

void append_text(std::string& to, std::string_view text) {
  append_number(to, text.size());
  to += text;
}

std::string encoded(const Contents& contents) {
  std::string body;
  append_number(body, contents.floor);
  append_number(body, contents.writers.size());
  for (const std::string& writer : contents.writers) body += writer;
  append_number(body, contents.entries.size());
  for (const auto& [key, entry] : contents.entries) {
    append_text(body, key);
    append_number(body, entry.version);
    append_number(body, static_cast<std::uint64_t>(entry.expires_ns));
    append_text(body, entry.value);
  }
  return std::string(kMagic) + std::string(kFirst) + digest_of(body) + body;
}

// Takes a body apart; `wrong` once there is less than it says.
class BodyReader {
 public:
  explicit BodyReader(std::string_view body) : rest_(body) {}

  std::uint64_t number() {
    std::uint64_t made = 0;
    const std::string_view bytes = take(8);
    for (std::size_t i = 0; i < bytes.size(); ++i)
      made |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    return made;
  }
  std::string_view take(std::uint64_t length) {
    if (length > rest_.size()) wrong_ = true;
    if (wrong_) return {};
    const std::string_view taken = rest_.substr(0, static_cast<std::size_t>(length));
    rest_.remove_prefix(taken.size());
    return taken;
  }
  std::string_view text() { return take(number()); }
  bool wrong() const { return wrong_; }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
  bool wrong_ = false;
};

// False: it is no body.
bool decode(std::string_view body, Contents& contents) {
  BodyReader reader(body);
  contents.floor = reader.number();
  for (std::uint64_t left = reader.number(); left > 0 && !reader.wrong(); --left)
    contents.writers.emplace_back(reader.take(kWriterBytes));
  for (std::uint64_t left = reader.number(); left > 0 && !reader.wrong(); --left) {
    std::string key(reader.text());
    Entry entry;
    entry.version = reader.number();
    entry.expires_ns = static_cast<std::int64_t>(reader.number());
    entry.value = reader.text();
    contents.entries.insert_or_assign(contents.entries.end(), std::move(key), std::move(entry));
  }
  return !reader.wrong() && reader.at_end();
}

std::string new_writer() {
  std::random_device chance;
  std::string made;
  while (made.size() < kWriterBytes) append_number(made, (std::uint64_t{chance()} << 32U) | chance());
  return made;
}

class ObjectStore final : public Store {
 public:
  ObjectStore(std::unique_ptr<SharedObject> object, Clock clock, Pause pause, std::uint64_t most_bytes)
      : object_(std::move(object)), clock_(std::move(clock)), pause_(std::move(pause)), most_bytes_(most_bytes) {}

  Result<void> begin() {
    const std::lock_guard lock(mutex_);
    return look();
  }

  Result<std::optional<Entry>> get(std::string_view key) override {
    const std::lock_guard lock(mutex_);
    WEIR_TRY(look());
    const auto at = contents_.entries.find(key);
    if (!contents_.is_there(at, clock_())) return std::optional<Entry>();
    return std::optional<Entry>(at->second);
  }

  Result<std::optional<std::uint64_t>> put(std::string_view key, std::string_view value, std::uint64_t expected,
                                           std::int64_t expires_ns) override {
    std::optional<std::uint64_t> version;
    WEIR_TRY(change([&](Contents& contents, std::int64_t now) {
      version.reset();
      const auto at = contents.entries.find(key);
      const std::uint64_t found = contents.is_there(at, now) ? at->second.version : 0;
      if (found != expected) return false;
      version = contents.set(key, value, expires_ns);
      return true;
    }));
    return version;
  }

  Result<void> remove(std::string_view key) override {
    return change([&](Contents& contents, std::int64_t /*now*/) {
      const auto at = contents.entries.find(key);
      if (at == contents.entries.end()) return false;
      contents.take_out(at);
      return true;
    });
  }

  Result<bool> apply(const std::vector<Change>& changes, std::string_view guard, std::uint64_t version) override {
    bool holds = false;
    WEIR_TRY(change([&](Contents& contents, std::int64_t now) {
      const auto guarded = contents.entries.find(guard);
      holds = contents.is_there(guarded, now) && guarded->second.version == version;
      if (!holds) return false;
      for (const Change& one : changes) {
        const auto at = contents.entries.find(one.key);
        if (one.value)
          contents.set(one.key, *one.value, kNever);
        else if (at != contents.entries.end())
          contents.take_out(at);
      }
      return true;
    }));
    return holds;
  }

  Result<std::vector<std::string>> list(std::string_view prefix) override {
    std::vector<std::string> keys;
    WEIR_TRY(each(prefix, [&keys](std::string_view key, std::string_view) { keys.emplace_back(key); }));
    return keys;
  }

  Result<void> each(std::string_view prefix,
                    const std::function<void(std::string_view key, std::string_view value)>& take) override {
    const std::lock_guard lock(mutex_);
    WEIR_TRY(look());
    const std::int64_t now = clock_();
    for (auto at = contents_.entries.lower_bound(prefix); at != contents_.entries.end(); ++at) {
      if (!at->first.starts_with(prefix)) break;
      if (contents_.is_there(at, now)) take(at->first, at->second.value);
    }
    return {};
  }

 private:
  // Has contents_ be what the object holds now.
  Result<void> look() {
    WEIR_TRY_ASSIGN(const std::string now, object_->version());
    if (now == version_ && looked_) return {};
    WEIR_TRY_ASSIGN(auto content, object_->read());
    Contents fresh;
    if (content) WEIR_TRY(take_apart(content->bytes, fresh));
    version_ = content ? content->version : std::string();
    contents_ = std::move(fresh);
    looked_ = true;
    return {};
  }

  Result<void> take_apart(std::string_view bytes, Contents& contents) const {
    const auto damaged = [this](const char* found) {
      return base::make_error(base::Status::data_loss, base::Fault::host, "state.damaged",
                              "expected the state of weir in '" + object_->shown() + "', found " + found)
          .with_hint("put back a copy of it, or remove it, if nothing of the last runs must be finished");
    };
    if (!bytes.starts_with(kMagic)) return unexpected(damaged("something else"));
    bytes.remove_prefix(kMagic.size());
    if (!bytes.starts_with(kFirst)) {
      return unexpected(base::make_error(base::Status::failed_precondition, base::Fault::host, "state.newer",
                                         "expected state that this weir can read, version 1, found version '" +
                                             std::string(bytes.substr(0, bytes.find('\n'))) + "' in '" +
                                             object_->shown() + "'")
                            .with_hint("run it with the weir that wrote it, or a later one"));
    }
    bytes.remove_prefix(kFirst.size());
    if (bytes.size() < kDigestBytes) return unexpected(damaged("a part of it"));
    const std::string_view body = bytes.substr(kDigestBytes);
    if (digest_of(body) != bytes.substr(0, kDigestBytes) || !decode(body, contents))
      return unexpected(damaged("bytes that its digest does not fit"));
    return {};
  }

  // Makes a change, as often as somebody else is faster. `make` changes what it is given; false: there is nothing to change.
  template <class Make>
  Result<void> change(Make&& make) {
    const std::lock_guard lock(mutex_);
    for (std::uint64_t tries = 0;; ++tries) {
      WEIR_TRY(look());
      const std::int64_t now = clock_();
      Contents next = contents_;
      if (!make(next, now)) return {};
      next.take_out_expired(now);
      const std::string writer = new_writer();
      next.writers.push_back(writer);
      if (next.writers.size() > kMostWriters) next.writers.pop_front();
      WEIR_TRY_ASSIGN(const bool done, put_back(std::move(next), writer));
      if (done) return {};
      pause_(tries);
    }
  }

  // False: somebody was faster.
  Result<bool> put_back(Contents next, const std::string& writer) {
    const std::string bytes = encoded(next);
    if (bytes.size() > most_bytes_) {
      return unexpected(base::make_error(base::Status::resource_exhausted, base::Fault::host, "state.too_large",
                                         "expected state of at most " + base::format_bytes(most_bytes_) + " in '" +
                                             object_->shown() + "', found " + base::format_bytes(bytes.size()))
                            .with_hint("each change writes all of it: keep this pipeline's state in the state folder"));
    }
    const std::string before = version_;
    auto replaced = object_->replace(bytes, before);
    if (replaced) {
      version_ = std::move(*replaced);
      contents_ = std::move(next);
      return true;
    }
    // Perhaps it was done all the same: the answer was lost, or the call was made twice below.
    looked_ = false;
    if (!look()) return unexpected(std::move(replaced).error());
    const auto& writers = contents_.writers;
    if (std::find(writers.begin(), writers.end(), writer) != writers.end()) return true;
    if (version_ == before) return unexpected(std::move(replaced).error());
    return false;
  }

  std::mutex mutex_;
  std::unique_ptr<SharedObject> object_;
  Clock clock_;
  Pause pause_;
  std::uint64_t most_bytes_;
  bool looked_ = false;
  std::string version_;  // of contents_
  Contents contents_;
};

}  // namespace

void pause_at_random(std::uint64_t tries) {
  thread_local std::minstd_rand chance(std::random_device{}());
  constexpr std::uint64_t kDoublings = 7;
  const std::uint64_t most = std::uint64_t{1000} << std::min(tries, kDoublings);  // microseconds
  std::this_thread::sleep_for(std::chrono::microseconds(std::uniform_int_distribution<std::uint64_t>(0, most)(chance)));
}

Result<std::unique_ptr<Store>> open_object_store(std::unique_ptr<SharedObject> object, Clock clock, Pause pause,
                                                 std::uint64_t most_bytes) {
  auto store = std::make_unique<ObjectStore>(std::move(object), std::move(clock), std::move(pause), most_bytes);
  WEIR_TRY(store->begin());
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace weir::state
