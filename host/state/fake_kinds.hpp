// For tests: a store by its kind, over what is in a folder. Several of one folder are handles of one store.
#pragma once

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>

#include "state/object_store.hpp"
#include "state/store.hpp"

namespace weir::state::any {

// A file that is replaced under a lock. Its version is a number in its first line.
class FileObject final : public SharedObject {
 public:
  explicit FileObject(std::filesystem::path file) : file_(std::move(file)) {}

  base::Result<std::string> version() override {
    std::string line;
    std::ifstream in(file_);
    std::getline(in, line);
    return line;
  }
  base::Result<std::optional<Content>> read() override {
    std::ifstream in(file_);
    Content content;
    if (!std::getline(in, content.version)) return std::optional<Content>();
    std::ostringstream rest;
    rest << in.rdbuf();
    content.bytes = rest.str();
    return std::optional(std::move(content));
  }
  base::Result<std::string> replace(std::string_view bytes, const std::string& expected) override {
    const int lock = open((file_.string() + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    flock(lock, LOCK_EX);
    auto made = replace_locked(bytes, expected, *version());
    close(lock);
    return made;
  }
  std::string shown() const override { return file_.string(); }

 private:
  base::Result<std::string> replace_locked(std::string_view bytes, const std::string& expected,
                                           const std::string& found) const {
    if (found != expected) {
      return base::unexpected(base::make_error(base::Status::failed_precondition, base::Fault::destination,
                                               "test.faster", "somebody was faster"));
    }
    std::string made = std::to_string(found.empty() ? 1 : std::stoull(found) + 1);
    std::ofstream(file_.string() + ".new", std::ios::binary) << made << "\n" << bytes;
    std::filesystem::rename(file_.string() + ".new", file_);
    return made;
  }

  std::filesystem::path file_;
};

// A kind of store, and how one in a folder is opened.
struct Kind {
  std::string name;
  std::function<base::Result<std::unique_ptr<Store>>(const std::filesystem::path& folder, Clock clock)> open_at;
  base::Result<std::unique_ptr<Store>> open(const std::filesystem::path& folder) const {
    return open_at(folder, observe::now_ns);
  }
};

inline std::vector<Kind> kinds() {
  return {{"SQLite", [](const std::filesystem::path& folder,
                        Clock clock) { return open_sqlite_store(folder / "state.db", std::move(clock)); }},
          {"an object", [](const std::filesystem::path& folder, Clock clock) {
             return open_object_store(std::make_unique<FileObject>(folder / "state"), std::move(clock));
           }}};
}

}  // namespace weir::state::any
