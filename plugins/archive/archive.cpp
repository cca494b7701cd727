// The storage of what is in archives: which members there are, and reading them.
#include <glob.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <map>
#include <mutex>
#include <unordered_map>

#include <weir/weir.hpp>

#include "member_name.hpp"
#include "problems.hpp"
#include "walk.hpp"
#include "weir_plugin_info.h"

namespace weir::archive {
namespace {

// Ways through archives that nobody goes at the moment. A compressed tar can't be read at a place: who wants a member goes on
// from where another stopped, so that all of them together read it once. Threads: [any]
class IdleWalks {
 public:
  IdleWalks() { idle_.reserve(kKept); }  // give() comes from destructors, and must find room
  // Gives the one that has gone farthest of those before the `wanted`-th member of this version of the archive; or null.
  std::unique_ptr<Walk> take(const std::string& path, const std::string& version, std::size_t wanted) {
    const std::lock_guard lock(mutex_);
    auto best = idle_.end();
    for (auto at = idle_.begin(); at != idle_.end(); ++at) {
      const Walk& walk = **at;
      if (walk.path() != path || walk.version() != version || walk.gone() >= wanted) continue;
      if (best == idle_.end() || walk.gone() > (*best)->gone()) best = at;
    }
    if (best == idle_.end()) return nullptr;
    std::unique_ptr<Walk> walk = std::move(*best);
    idle_.erase(best);
    return walk;
  }
  void give(std::unique_ptr<Walk> walk) {
    walk->stopped_by(nullptr);
    const std::lock_guard lock(mutex_);
    if (idle_.size() == kKept) idle_.erase(idle_.begin());
    idle_.push_back(std::move(walk));
  }

 private:
  static constexpr std::size_t kKept = 8;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Walk>> idle_;
};

class Member : public StoredInput {
 public:
  Member(std::unique_ptr<Walk> walk, std::shared_ptr<IdleWalks> idle, std::uint64_t limit_bytes)
      : walk_(std::move(walk)), idle_(std::move(idle)), left_(limit_bytes), limit_bytes_(limit_bytes) {
    walk_->stopped_by(&cancelled_);
  }
  ~Member() override {
    if (!failed_ && !cancelled_.load()) idle_->give(std::move(walk_));
  }

  std::int64_t length() const override { return walk_->size(); }

  std::int32_t read(std::int64_t /*deadline*/, std::span<std::uint8_t> buffer, std::uint64_t& got) override {
    got = 0;
    if (failed_) throw unpacks_to_more(object_name(walk_->path(), walk_->name()), limit_bytes_);
    while (!ended_ && got < buffer.size()) {
      failed_ = true;  // unless what follows returns
      const std::size_t more = walk_->read(buffer.subspan(got));
      if (more > left_) throw unpacks_to_more(object_name(walk_->path(), walk_->name()), limit_bytes_);
      failed_ = false;
      left_ -= more;
      got += more;
      ended_ = more == 0;
    }
    return ended_ ? WEIR_READ_END : WEIR_READ_MORE;
  }

  void cancel() noexcept override { cancelled_.store(true, std::memory_order_relaxed); }

 private:
  std::unique_ptr<Walk> walk_;
  std::shared_ptr<IdleWalks> idle_;
  std::uint64_t left_, limit_bytes_;
  bool ended_ = false;
  bool failed_ = false;
  std::atomic<bool> cancelled_ = false;
};

// Archives that a pattern means; a path that is there is meant as it stands.
std::vector<std::string> archives_of(const std::string& pattern) {
  if (access(pattern.c_str(), F_OK) == 0) return {pattern};
  glob_t found{};
  const auto refused = [](const char*, int code) { return code == EACCES ? 1 : 0; };
  const int result = glob(pattern.c_str(), GLOB_BRACE, refused, &found);
  const std::vector<std::string> paths(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  globfree(&found);
  if (result == GLOB_ABORTED) throw cannot_read(pattern, EACCES);
  if (paths.empty()) {
    throw pattern.find_first_of("*?[{") == std::string::npos ? cannot_read(pattern, ENOENT) : nothing_matches(pattern);
  }
  return paths;
}

class Archives : public Storage {
 public:
  explicit Archives(const Context& context)
      : members_(context.config().text("/members")),
        password_(context.config().text("/password")),
        max_member_bytes_(static_cast<std::uint64_t>(context.config().integer("/max_member"))) {}

  void list(std::string_view prefix, std::string_view after, const Objects& objects) override {
    std::map<std::string, Object> found;
    std::vector<std::string> others;
    const std::vector<std::string> archives = archives_of(std::string(prefix));
    for (const std::string& path : archives) collect(path, found, others);
    if (found.empty()) throw no_member_matches(archives.front(), members_, others);
    for (auto object = found.upper_bound(std::string(after)); object != found.end(); ++object) {
      objects.put(object->first, object->second.bytes, object->second.modified_ns, object->second.version);
    }
  }

  void stat(std::string_view name, const Objects& object) override {
    const auto [path, member] = parts_of(name);
    const Facts facts = facts_of(path);
    {
      const std::lock_guard lock(mutex_);
      const auto known = known_.find(path);
      if (known != known_.end() && known->second.version == facts.version) {
        const auto found = known->second.members.find(member);
        if (found == known->second.members.end()) throw no_such_member(std::string(name));
        return object.put(name, found->second.bytes, facts.modified_ns, facts.version);
      }
    }
    const auto walk = to_member(path, facts.version, member);
    object.put(name, walk->size(), facts.modified_ns, facts.version);
  }

  std::unique_ptr<StoredInput> open_read(std::string_view name, std::string_view version) override {
    const auto [path, member] = parts_of(name);
    const std::string expected = version.empty() ? facts_of(path).version : std::string(version);
    return std::make_unique<Member>(to_member(path, expected, member), idle_, max_member_bytes_);
  }

  std::unique_ptr<StoredOutput> open_write(const Context&, std::string_view, std::uint64_t, std::string_view) override {
    throw read_only();
  }
  void commit(std::string_view) override { throw read_only(); }
  void abort(std::string_view) override {}
  void sweep(const Context&, std::span<const weir_bytes>) override {}
  void remove(std::string_view) override { throw read_only(); }
  void cancel() noexcept override { cancelled_.store(true, std::memory_order_relaxed); }

 private:
  struct Object {
    std::int64_t bytes = -1;
    std::int64_t modified_ns = 0;
    std::string version;
  };

  // What list() saw of an archive: all its files, meant or not.
  struct Known {
    struct Seen {
      std::size_t number = 0;  // the how-manieth it is
      std::int64_t bytes = -1;
    };
    std::string version;
    std::unordered_map<std::string, Seen> members;
  };

  // Adds the members that are meant; of the others, their names.
  void collect(const std::string& path, std::map<std::string, Object>& found, std::vector<std::string>& others) {
    const Facts facts = facts_of(path);
    Walk walk(path, facts.version, password_);
    walk.stopped_by(&cancelled_);
    Known known{facts.version, {}};
    while (walk.next()) {
      const std::string& member = walk.name();
      if (walk.is_folder()) continue;
      if (walk.what_else().empty()) known.members[member] = {walk.gone(), walk.size()};
      if (!is_meant(members_, member)) {
        others.push_back(member);
        continue;
      }
      if (leads_out(member)) throw archive::leads_out(path, member);
      if (const std::string what = walk.what_else(); !what.empty()) throw is_no_data(path, member, what);
      const std::string object = object_name(path, member);
      if (!found.emplace(object, Object{walk.size(), facts.modified_ns, facts.version}).second) {
        throw stands_twice(path, member);
      }
    }
    const std::lock_guard lock(mutex_);
    known_.insert_or_assign(path, std::move(known));
  }

  // Goes to a member: on from where an earlier reader stopped, or from the front.
  std::unique_ptr<Walk> to_member(const std::string& path, const std::string& version, const std::string& member) {
    auto walk = idle_->take(path, version, number_of(path, member));
    if (walk == nullptr) walk = std::make_unique<Walk>(path, version, password_);
    walk->stopped_by(&cancelled_);
    while (walk->next()) {
      if (walk->name() == member) return walk;
    }
    throw no_such_member(object_name(path, member));
  }

  // The how-manieth of its archive a member is, if list() has seen it; else 0.
  std::size_t number_of(const std::string& path, const std::string& member) {
    const std::lock_guard lock(mutex_);
    const auto archive = known_.find(path);
    if (archive == known_.end()) return 0;
    const auto found = archive->second.members.find(member);
    return found == archive->second.members.end() ? 0 : found->second.number;
  }

  std::string members_, password_;
  std::uint64_t max_member_bytes_;
  std::shared_ptr<IdleWalks> idle_ = std::make_shared<IdleWalks>();
  std::mutex mutex_;
  std::unordered_map<std::string, Known> known_;  // by archive; under mutex_
  std::atomic<bool> cancelled_ = false;
};

}  // namespace
}  // namespace weir::archive

WEIR_PLUGIN(weir::storage<weir::archive::Archives>("archive"));
