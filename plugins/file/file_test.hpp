// What the tests of the storage share: a folder, a host that is just enough, and the storage behind its ABI.
#pragma once

#include <grp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include <weir/weir.hpp>
#include <weir_catch.hpp>

extern "C" const weir_plugin* weir_plugin_v1(void);

namespace weir::file {

// A folder that goes away with everything in it.
struct Folder {
  std::string path;
  Folder() {
    std::string name = std::filesystem::temp_directory_path() / "weir-file-XXXXXX";
    path = mkdtemp(name.data());
    chmod(path.c_str(), 0755);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string operator/(const std::string& name) const { return path + "/" + name; }
  std::string write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(*this / name).parent_path());
    std::ofstream(*this / name) << text;
    return *this / name;
  }
  // All names below, sorted, folders with a slash.
  std::string tree() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
      names.push_back(entry.path().string().substr(path.size() + 1) + (entry.is_directory() ? "/" : ""));
    }
    std::sort(names.begin(), names.end());
    std::string all;
    for (const auto& name : names) all += (all.empty() ? "" : " ") + name;
    return all;
  }
};

inline std::string content(const std::string& path) {
  std::ostringstream all;
  all << std::ifstream(path).rdbuf();
  return all.str();
}

struct Object {
  std::string name;
  std::int64_t bytes;
  std::int64_t modified_ns;
  std::string version;
};

// Who an instance is: run "R", link "load", and what a test says.
class TestContext {
 public:
  explicit TestContext(std::string path, std::string lane = "0", std::uint64_t fence = 1)
      : path_(std::move(path)), lane_(std::move(lane)) {
    host_.size = sizeof host_;
    host_.now = [](const weir_host*) { return std::int64_t{1000}; };
    host_.cancelled = [](const weir_host*) { return 0; };
    config_.size = sizeof(weir_config);
    config_.owner = this;
    config_.text = [](const weir_config* self, weir_string pointer) {
      const TestContext& owner = *static_cast<const PathConfig*>(self)->owner;
      return to_weir(to_view(pointer) == "/mode" ? owner.mode : owner.path_);
    };
    raw_.size = sizeof raw_;
    raw_.host = &host_;
    raw_.config = &config_;
    raw_.run = to_weir("R");
    raw_.link = to_weir("load");
    raw_.lane = to_weir(lane_);
    raw_.fence = fence;
    raw_.epoch = 1;
  }
  TestContext(const TestContext&) = delete;
  TestContext& operator=(const TestContext&) = delete;
  weir_context* raw() { return &raw_; }
  std::string mode;  // of files made

 private:
  struct PathConfig : weir_config {
    const TestContext* owner = nullptr;
  };
  std::string path_, lane_;
  weir_host host_{};
  PathConfig config_{};
  weir_context raw_{};
};

// Collects what a sink is told.
struct Collector : weir_sink {
  mutable std::string bytes;
  Collector() : weir_sink{} {
    size = sizeof(weir_sink);
    put = [](const weir_sink* self, weir_bytes item) {
      static_cast<const Collector*>(self)->bytes = to_view(item);
      return weir_status{WEIR_OK};
    };
  }
};

// The storage, configured with a path. `status` and `error` are of the last call.
class Files {
 public:
  explicit Files(const std::string& path, const std::string& lane = "0", std::uint64_t fence = 1)
      : context(path, lane, fence), table(*static_cast<const weir_storage*>(weir_plugin_v1()->components[0]->table)) {
    REQUIRE(table.create(context.raw(), &self, clear()) == WEIR_OK);
  }
  ~Files() { table.destroy(self); }
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;

  weir_error* clear() const {
    weir_error_clear(&error);
    return &error;
  }
  std::vector<Object> list(const std::string& prefix, const std::string& after = {}) const {
    struct Objects : weir_object_sink {
      mutable std::vector<Object> all;
    } sink{};
    sink.size = sizeof(weir_object_sink);
    sink.put = [](const weir_object_sink* to, const weir_object* object) {
      static_cast<const Objects*>(to)->all.push_back({std::string(to_view(object->name)), object->bytes,
                                                      object->modified_ns, std::string(to_view(object->version))});
      return weir_status{WEIR_OK};
    };
    status = table.list(self, to_weir(prefix), to_weir(after), &sink, clear());
    if (status != WEIR_OK) sink.all.clear();
    return sink.all;
  }
  const weir_input* open(const std::string& name, const std::string& version) const {
    const weir_input* input = nullptr;
    status = table.open_read(self, to_weir(name), to_weir(version), &input, clear());
    return input;
  }
  std::string read_all(const std::string& name, const std::string& version = {}, std::size_t piece = 4096) const {
    const weir_input* input = open(name, version);
    std::string all, buffer(piece, '\0');
    for (std::int32_t outcome = WEIR_READ_MORE; input != nullptr && outcome != WEIR_READ_END && status == WEIR_OK;) {
      std::uint64_t got = 0;
      status =
          input->read(input, INT64_MAX, reinterpret_cast<std::uint8_t*>(buffer.data()), piece, &got, &outcome, clear());
      all.append(buffer, 0, got);
    }
    if (input != nullptr) input->close(input);
    return all;
  }
  const weir_output* create(const std::string& name, std::uint64_t epoch = 1, const std::string& resume = {}) const {
    const weir_output* output = nullptr;
    status = table.open_write(self, context.raw(), to_weir(name), epoch, to_bytes(resume), &output, clear());
    return output;
  }
  weir_status write(const weir_output* output, const std::string& text) const {
    return status = output->write(output, to_bytes(text), clear());
  }
  std::string prepare(const weir_output* output) const {
    const Collector sink;
    receipt = {};
    receipt.size = sizeof receipt;
    status = output->prepare(output, &sink, &receipt, clear());
    return sink.bytes;
  }
  weir_status commit(const std::string& committable) const {
    return status = table.commit(self, to_bytes(committable), clear());
  }
  weir_status abort(const std::string& committable) const {
    return status = table.abort(self, to_bytes(committable), clear());
  }
  weir_status sweep(const std::vector<std::string>& keep) const {
    std::vector<weir_bytes> kept;
    for (const auto& bytes : keep) kept.push_back(to_bytes(bytes));
    return status = table.sweep(self, context.raw(), kept.data(), kept.size(), clear());
  }
  // Writes, prepares and closes one output; gives its committable.
  std::string staged(const std::string& name, const std::string& text, std::uint64_t epoch = 1) const {
    const weir_output* output = create(name, epoch);
    REQUIRE(output != nullptr);
    REQUIRE(write(output, text) == WEIR_OK);
    std::string committable = prepare(output);
    output->close(output);
    return committable;
  }

  mutable TestContext context;
  const weir_storage& table;
  void* self = nullptr;
  mutable weir_status status = WEIR_OK;
  mutable weir_error error{};
  mutable weir_receipt receipt{};
};

// Runs `body` in a child as a user without rights, and requires that it gives true. As root: as nobody.
inline void as_nobody(const std::function<bool()>& body) {
  const pid_t child = fork();
  if (child == 0) {
    const bool dropped = getuid() != 0 || (setgroups(0, nullptr) == 0 && setgid(65534) == 0 && setuid(65534) == 0);
    _exit(dropped && body() ? 0 : 1);
  }
  int result = -1;
  REQUIRE(waitpid(child, &result, 0) == child);
  CHECK(result == 0);
}

}  // namespace weir::file
