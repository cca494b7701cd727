#include "plugins/lock_file.hpp"

#include <algorithm>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "base/version.hpp"
#include "plugins/compatibility.hpp"
#include "security/checksum.hpp"
#include "security/json_text.hpp"
#include "security/small_file.hpp"

namespace weir::plugins {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;  // its keys are sorted

constexpr int kFormat = 1;
constexpr std::size_t kMaxLockBytes = 4U << 20U;
constexpr std::size_t kMostPlugins = 10'000;
constexpr const char* kCure = "take it from version control again; or delete it, and weir install writes it anew";

base::Error lock_error(const char* code, std::string message, std::string hint) {
  return base::manifest_error(code, std::move(message)).with_hint(std::move(hint));
}

base::Error damaged(const std::string& name, const std::string& found, const char* hint = kCure) {
  return lock_error("lock.damaged", name + ": expected which plugins are locked, found " + found, hint);
}

// Parses JSON in which no key of an object comes twice, as a merge leaves it. A discarded value: it is none, or nested too deep.
json parse_once(std::string_view text, std::string& twice) {
  std::vector<std::set<std::string>> open;
  bool fits = true;
  const auto look_at = [&](int depth, json::parse_event_t event, json& parsed) {
    fits = fits && depth <= security::kMostNested;
    if (!fits) return false;
    if (event == json::parse_event_t::object_start) open.emplace_back();
    if (event == json::parse_event_t::object_end && !open.empty()) open.pop_back();
    if (event == json::parse_event_t::key && !open.empty() && !open.back().insert(parsed.get<std::string>()).second)
      twice = parsed.get<std::string>();
    return true;
  };
  json document = json::parse(text, look_at, false);
  return fits ? document : json(json::value_t::discarded);
}

bool is_plain_text(const std::string& text) {
  return !text.empty() && std::none_of(text.begin(), text.end(),
                                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// Takes texts out of an object; what is left, or was none, is wrong.
class Texts {
 public:
  explicit Texts(const json& object) : left_(object), fits_(object.is_object()) {}

  std::string take(const char* name) {
    const auto found = fits_ ? left_.find(name) : left_.end();
    if (!fits_ || found == left_.end()) return {};
    std::string text = found->is_string() ? found->get<std::string>() : std::string();
    fits_ = is_plain_text(text);
    if (fits_) left_.erase(name);
    return text;
  }
  json take_object(const char* name) {
    const auto found = fits_ ? left_.find(name) : left_.end();
    if (!fits_ || found == left_.end() || !found->is_object()) return json();
    json object = std::move(*found);
    left_.erase(name);
    return object;
  }
  bool all_taken() const { return fits_ && left_.empty(); }

 private:
  json left_;
  bool fits_;
};

std::optional<LockedPlugin> locked_of(const json& object) {
  Texts texts(object);
  LockedPlugin locked;
  locked.version = texts.take("version");
  locked.signer = texts.take("signer");
  Texts source(texts.take_object("source"));
  locked.index = source.take("index");
  locked.index_key = source.take("key");
  locked.file = source.take("file");
  const json digests = texts.take_object("digests");
  for (const auto& [platform, digest] : digests.items()) {
    if (!is_plain_text(platform) || !digest.is_string() || !security::is_sha256(digest.get<std::string>()))
      return std::nullopt;
    locked.digests[platform] = digest.get<std::string>();
  }
  const bool from_index = !locked.index.empty() && !locked.index_key.empty() && locked.file.empty();
  const bool from_file = locked.index.empty() && locked.index_key.empty() && !locked.file.empty();
  if (!texts.all_taken() || !source.all_taken() || locked.digests.empty() || !(from_index || from_file) ||
      !base::parse_version(locked.version))
    return std::nullopt;
  return locked;
}

json json_of(const LockedPlugin& locked) {
  json object{{"version", locked.version}, {"digests", locked.digests}};
  object["source"] =
      locked.file.empty() ? json{{"index", locked.index}, {"key", locked.index_key}} : json{{"file", locked.file}};
  if (!locked.signer.empty()) object["signer"] = locked.signer;
  return object;
}

base::Result<void> other_version(const FoundPlugin& found, const LockedPlugin& locked) {
  const std::string& name = found.info->name;
  return base::unexpected(plugin_refused("plugin.locked_version",
                                         found.path.string() + ": expected " + name + " " + locked.version +
                                             ", which weir.lock names, found " + found.info->version_text,
                                         "weir install installs it; weir plugin update " + name + " locks the newest"));
}

}  // namespace

const LockedPlugin* LockFile::find(const std::string& plugin) const {
  const auto found = plugins.find(plugin);
  return found == plugins.end() ? nullptr : &found->second;
}

fs::path lock_path(const fs::path& folder) { return folder / "weir.lock"; }

std::string lock_text(const LockFile& lock) {
  json plugins = json::object();
  for (const auto& [name, locked] : lock.plugins) plugins[name] = json_of(locked);
  return json{{"weir_lock", kFormat}, {"plugins", std::move(plugins)}}.dump(1) + "\n";
}

base::Result<LockFile> parse_lock(std::string_view text, const std::string& name) {
  std::string twice;
  const json object = parse_once(text, twice);
  if (!object.is_object()) {
    if (text.find("<<<<<<<") != text.npos)
      return base::unexpected(damaged(name, "what a merge left", "take one side of it, then weir install"));
    return base::unexpected(damaged(name, "something else"));
  }
  if (!twice.empty()) return base::unexpected(damaged(name, "'" + twice + "' twice"));
  const auto format = object.find("weir_lock"), plugins = object.find("plugins");
  if (format != object.end() && format->is_number_unsigned() && *format > kFormat)
    return base::unexpected(damaged(name, "\"weir_lock\": " + format->dump(), "a newer weir reads it"));
  if (format == object.end() || *format != kFormat || plugins == object.end() || !plugins->is_object() ||
      plugins->size() > kMostPlugins || object.size() != 2)
    return base::unexpected(damaged(name, "something else"));
  LockFile lock;
  for (const auto& [plugin, one] : plugins->items()) {
    auto locked = locked_of(one);
    if (!is_plain_text(plugin)) return base::unexpected(damaged(name, "a plugin without a name"));
    if (!locked)
      return base::unexpected(damaged(name, "no version, source and digests alone of plugin '" + plugin + "'"));
    lock.plugins.emplace(plugin, std::move(*locked));
  }
  return lock;
}

base::Result<std::optional<LockFile>> read_lock(const fs::path& path) {
  std::string text;
  security::FileProblem problem;
  if (!security::read_file(path, kMaxLockBytes, text, problem)) {
    if (problem.number == ENOENT || problem.number == ENOTDIR) return std::optional<LockFile>();
    return base::unexpected(lock_error(
        "lock.unreadable", path.string() + ": expected which plugins are locked, found: " + problem.text(), kCure));
  }
  WEIR_TRY_ASSIGN(LockFile lock, parse_lock(text, path.string()));
  return std::optional(std::move(lock));
}

base::Result<void> write_lock(const fs::path& path, const LockFile& lock) {
  security::FileProblem problem;
  if (security::replace_file(path, lock_text(lock), security::kForAll, problem)) return {};
  return base::unexpected(lock_error("lock.unwritable",
                                     path.string() + ": expected a file that can be written, found: " + problem.text(),
                                     "see that the manifest's folder can be written and has room"));
}

std::string platform_name(const PluginInfo& info) {
  return "linux-" + info.machine + (info.glibc.empty() ? "" : "-glibc");
}

base::Result<void> check_locked(const PluginInfo& info, const fs::path& path, const LockedPlugin& locked) {
  const std::string platform = platform_name(info);
  const auto digest = locked.digests.find(platform);
  const std::string title = info.name + " " + info.version_text;
  if (digest == locked.digests.end()) {
    std::string known;
    for (const auto& [one, ignored] : locked.digests) known += (known.empty() ? "" : ", ") + one;
    return base::unexpected(plugin_refused("plugin.unlocked_platform",
                                           path.string() + ": expected " + title +
                                               " for a platform of weir.lock, found it for " + platform +
                                               ", and locked for " + known,
                                           "weir plugin update " + info.name + " takes a version that has it"));
  }
  security::FileProblem problem;
  const std::string found = security::sha256_of_file(path, problem);
  if (found == digest->second) return {};
  return base::unexpected(plugin_refused("plugin.other_digest",
                                         path.string() + ": expected the binary of " + title +
                                             " that weir.lock names, SHA-256 " + digest->second + ", found " +
                                             (found.empty() ? problem.text() : found),
                                         "find out who changed it; weir plugin remove " + info.name + "@" +
                                             info.version_text + ", then weir install puts the locked one there"));
}

void hold_to_lock(std::vector<FoundPlugin>& found, const LockFile& lock) {
  for (const auto& [name, locked] : lock.plugins) {
    std::vector<FoundPlugin*> refused;
    std::optional<base::Error> differs;
    bool there = false;
    for (FoundPlugin& one : found) {
      if (!one.info || one.info->name != name) continue;
      const bool same_version = one.info->version_text == locked.version;
      auto same = same_version ? check_locked(*one.info, one.path, locked) : other_version(one, locked);
      there = there || same;
      if (same) continue;
      one.refused = same_version ? same.error().message
                                 : one.info->version_text + " is not " + locked.version + ", which weir.lock names";
      refused.push_back(&one);
      // A changed binary is told before versions that nobody asked for.
      if (!differs || same_version) differs = std::move(same).error();
    }
    for (FoundPlugin* const one : refused) {
      if (!there) one->error = *differs;
    }
  }
}

}  // namespace weir::plugins
