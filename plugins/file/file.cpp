// The storage of files: which of them there are, and the plugin's description. Reading: source.hpp. Writing:
// target.hpp, replace.hpp.
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <string>

#include <weir/cpp/conditional.hpp>
#include <weir/weir.hpp>

#include "pattern.hpp"
#include "problems.hpp"
#include "replace.hpp"
#include "source.hpp"
#include "sweep.hpp"
#include "target.hpp"
#include "weir_plugin_info.h"

namespace weir::file {
namespace {

class Files : public Storage {
 public:
  explicit Files(const Context& context) : context_(context) {}

  // The prefix is the path of the manifest. A path that is there is meant as it stands, whatever characters it has.
  void list(std::string_view prefix, std::string_view after, const Objects& objects) override {
    const std::string path(prefix);
    const bool special = is_pattern(path) || path.find('\\') != std::string::npos;
    if (path == "-" || !special || access(path.c_str(), F_OK) == 0) {
      if (path > after) tell(path, objects);
      return;
    }
    const auto found = find_files(path, [this] { return cancelled_.load() || context_.cancelled(); });
    if (found.empty()) throw nothing_matches(path);
    for (const auto& name : found) {
      if (name > after) tell(name, objects);
    }
  }

  // Asked for every file whether something stands beside it: what is not there is told without a look at what else is.
  void stat(std::string_view name, const Objects& object) override {
    const std::string path(name);
    if (path != "-" && access(path.c_str(), F_OK) != 0 && errno == ENOENT)
      throw Failure(WEIR_NOT_FOUND, WEIR_FAULT_SOURCE, "no such file '" + path + "'").object(path).native(ENOENT);
    tell(path, object);
  }

  std::unique_ptr<StoredInput> open_read(std::string_view name, std::string_view version) override {
    return open_source(context_, std::string(name), version);
  }

  std::unique_ptr<StoredOutput> open_write(const Context& context, std::string_view name, std::uint64_t epoch,
                                           std::string_view resume) override {
    return open_target(context, folders_, name, epoch, resume);
  }

  void commit(std::string_view committable) override { publish(Committable::decode(committable)); }
  void abort(std::string_view committable) override { discard(Committable::decode(committable)); }

  void sweep(const Context& context, std::span<const weir_bytes> keep) override {
    file::sweep(context, std::string(context.config().text("/path")), keep);
  }

  void remove(std::string_view name) override {
    const std::string path(name);
    if (unlink(path.c_str()) == 0) return;
    if (errno == EISDIR) throw is_folder(path, false);
    throw errno == ENOENT ? no_such_file(path) : cannot_write(path, "remove", errno);
  }

  void replace(std::string_view name, std::string_view bytes, std::string_view expected, const Objects& object) {
    const std::string path(name);
    tell(path,
         file::replace(context_, folders_, path, bytes, expected,
                       [this] { return cancelled_.load() || context_.cancelled(); }),
         object);
  }

  void cancel() noexcept override { cancelled_.store(true); }

 private:
  static void tell(const std::string& path, const Objects& object) {
    if (path == "-") return object.put(path);
    tell(path, facts_of(path), object);
  }
  static void tell(const std::string& path, const struct stat& facts, const Objects& object) {
    const bool regular = S_ISREG(facts.st_mode);
    object.put(path, regular ? facts.st_size : -1,
               regular ? std::int64_t{facts.st_mtim.tv_sec} * 1000000000 + facts.st_mtim.tv_nsec : 0,
               version_of(facts));
  }
  static Failure nothing_matches(const std::string& pattern) {
    if (!is_pattern(pattern)) return no_such_file(pattern);
    const std::string fixed = folder_of(pattern.substr(0, pattern.find_first_of("*?[{\\")) + "x");
    const bool there = access(fixed.c_str(), F_OK) == 0;
    return Failure(WEIR_NOT_FOUND, WEIR_FAULT_SOURCE, "no such file: nothing matches '" + pattern + "'")
        .hint(there ? "look what is in '" + fixed + "'" : "there is no folder '" + fixed + "'")
        .object(pattern)
        .option("/path")
        .native(ENOENT);
  }

  Context context_;
  Folders folders_;
  std::atomic<bool> cancelled_ = false;
};

}  // namespace
}  // namespace weir::file

WEIR_PLUGIN(weir::storage<weir::file::Files>("file", weir::replaces_objects<weir::file::Files>));
