#include "state/places.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <xxhash.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <vector>

#include "base/hex.hpp"
#include "base/user_folder.hpp"
#include "state/bookmark_places.hpp"

namespace weir::state {

namespace fs = std::filesystem;
using base::Fault;
using base::Status;
using base::unexpected;

namespace {

constexpr const char* kStore = "state.db";

// Makes a folder, and those above it, which are still there after a power cut: a store that vanished with its folder would
// let rows be loaded twice. Gives whether it was missing.
bool make_folders(const fs::path& folder, std::error_code& problem) {
  std::vector<fs::path> missing;
  for (fs::path at = folder; !at.empty() && !fs::exists(at, problem); at = at.parent_path()) missing.push_back(at);
  fs::create_directories(folder, problem);
  for (auto made = missing.begin(); made != missing.end() && !problem; ++made)
    sync_folder(made->parent_path(), problem);
  return !missing.empty();
}

}  // namespace

void sync_folder(const fs::path& folder, std::error_code& problem) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  // Some file systems can't sync a folder, and say EINVAL.
  if (descriptor < 0 || (::fsync(descriptor) != 0 && errno != EINVAL)) problem.assign(errno, std::generic_category());
  if (descriptor >= 0) ::close(descriptor);
}

base::Error unusable(const fs::path& path, const std::string& found) {
  return base::make_error(Status::failed_precondition, Fault::host, "state.unusable",
                          "expected a state folder that can be written, '" + path.string() + "', found: " + found)
      .with_hint("set XDG_STATE_HOME to a folder that can be written");
}

fs::path state_folder(const fs::path& manifest_folder) {
  const fs::path folder = base::user_folder("XDG_STATE_HOME", ".local/state");
  return folder.empty() ? manifest_folder / ".weir" : folder;
}

std::string pipeline_id(std::string_view name, const fs::path& manifest, std::string_view stream) {
  std::string text(name);
  text += '\0';
  text += manifest.string();
  if (!stream.empty()) (text += '\0') += stream;
  const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
  std::array<char, 33> digits{};
  std::snprintf(digits.data(), digits.size(), "%016lx%016lx", hash.high64, hash.low64);
  return digits.data();
}

std::string replay_id(std::string_view pipeline, std::string_view run) {
  return std::string(pipeline) + "-" + std::string(run);
}

std::string replay_checkpoints(std::string_view pipeline) { return "checkpoint/" + replay_id(pipeline, ""); }

std::string replayed_run(std::string_view key) {
  key.remove_prefix(std::min(key.size(), key.find('-')));
  key = key.substr(0, key.find('/'));
  return std::string(key.substr(key.empty() ? 0 : 1));
}

fs::path replay_folder(const fs::path& folder, std::string_view run) { return folder / "replay" / run; }

fs::path lock_file(const fs::path& folder, std::string_view pipeline) {
  return folder / "locks" / (std::string(pipeline) + ".lock");
}

std::string kept_prefix() { return "kept/"; }

std::string kept_prefix(std::string_view pipeline) { return kept_prefix() + std::string(pipeline) + "/"; }

std::string kept_key(std::string_view pipeline, std::string_view run) {
  return kept_prefix(pipeline) + std::string(run);
}

std::string object_prefix(std::string_view pipeline, std::string_view run) {
  return "object/" + std::string(pipeline) + "/" + std::string(run) + "/";
}

std::string object_prefix(std::string_view pipeline, std::string_view run, std::string_view link) {
  return object_prefix(pipeline, run) + std::string(link) + "/";
}

std::string object_key(std::string_view pipeline, std::string_view run, std::string_view link, std::string_view name) {
  return object_prefix(pipeline, run, link) + base::to_hex(name);
}

std::string bookmark_prefix(std::string_view pipeline, Bookmark which) {
  return "bookmark/" + std::string(pipeline) + (which == Bookmark::kept ? "/kept/" : "/left/");
}

std::string bookmark_key(std::string_view pipeline, Bookmark which, std::string_view link) {
  return bookmark_prefix(pipeline, which) + base::to_hex(link);
}

std::string streams_key(std::string_view pipeline) { return "streams/" + std::string(pipeline); }

std::string run_key(std::string_view pipeline) { return "run/" + std::string(pipeline); }

namespace {

std::string within(const char* what, std::string_view pipeline, std::string_view lane) {
  return std::string(what) + "/" + std::string(pipeline) + "/" + std::string(lane) + "/";
}

std::string digits(std::uint64_t epoch) {
  std::array<char, 21> text{};
  std::snprintf(text.data(), text.size(), "%020llu", static_cast<unsigned long long>(epoch));
  return text.data();
}

}  // namespace

std::string checkpoint_prefix(std::string_view pipeline, std::string_view lane) {
  return within("checkpoint", pipeline, lane);
}

std::string checkpoint_key(std::string_view pipeline, std::string_view lane, std::uint64_t epoch) {
  return checkpoint_prefix(pipeline, lane) + digits(epoch);
}

std::string delta_prefix(std::string_view pipeline, std::string_view lane, std::uint64_t epoch) {
  return within("delta", pipeline, lane) + digits(epoch) + "/";
}

std::string item_prefix(std::string_view pipeline, std::string_view lane) { return within("item", pipeline, lane); }

fs::path store_file(const fs::path& folder) { return folder / kStore; }

base::Result<void> make_state_folder(const fs::path& folder) {
  std::error_code problem;
  const bool made = make_folders(folder, problem);
  if (!problem) fs::create_directories(folder / "locks", problem);
  if (problem) return unexpected(unusable(folder, problem.message()));
  if (made) fs::permissions(folder, fs::perms::owner_all, problem);  // only a courtesy: what it holds are digests
  return {};
}

base::Result<std::unique_ptr<Store>> open_store(const fs::path& folder) {
  WEIR_TRY(make_state_folder(folder));
  return open_sqlite_store(store_file(folder));
}

base::Result<std::unique_ptr<Store>> open_store_if_there(const fs::path& folder) {
  std::error_code problem;
  if (!fs::exists(store_file(folder), problem) && !problem) return std::unique_ptr<Store>();
  return open_sqlite_store(store_file(folder));
}

}  // namespace weir::state
