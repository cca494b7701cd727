// What the child tells, a line each: "load NUMBER" before a file is loaded, then its error as JSON, or "{}".
#include "plugins/first_loads.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <mutex>

#include "base/user_folder.hpp"
#include "plugins/child_output.hpp"
#include "plugins/library.hpp"
#include "security/checksum.hpp"
#include "security/json_text.hpp"
#include "security/small_file.hpp"

namespace weir::plugins {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

// What a file is, so that another is told from it; null: it is not there.
Json identity_json(const fs::path& file) {
  struct stat status{};
  if (::stat(file.c_str(), &status) != 0) return nullptr;
  const auto nanoseconds = [](const timespec& time) {
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
  };
  return {{"file", file.string()},
          {"device", status.st_dev},
          {"inode", status.st_ino},
          {"bytes", status.st_size},
          {"modified_ns", nanoseconds(status.st_mtim)},
          {"changed_ns", nanoseconds(status.st_ctim)},
          {"weir", WEIR_PROJECT_VERSION}};
}

// What is remembered of a file, or new of it.
struct Verdict {
  std::string misfortune;  // empty: it came to an end
  bool hung = false;
  std::optional<base::Error> refusal;  // that it had, of a file that was tried just now
};

class FirstLoads {
 public:
  explicit FirstLoads(FirstLoading how) : how_(std::move(how)) {}

  void expect(std::span<const fs::path> files) {
    const std::lock_guard lock(mutex_);
    std::vector<fs::path> unknown;
    for (const fs::path& file : files) {
      const fs::path whole = fs::weakly_canonical(file);
      if (!known(whole) && std::find(unknown.begin(), unknown.end(), whole) == unknown.end()) unknown.push_back(whole);
    }
    if (!unknown.empty()) try_all(std::move(unknown));
  }

  base::Result<void> admit(const fs::path& file) {
    const fs::path whole = fs::weakly_canonical(file);
    const fs::path one[] = {whole};
    expect(one);
    const std::lock_guard lock(mutex_);
    return misfortune_of(whole);
  }

  std::optional<ApartEnd> recall(const fs::path& file) {
    const std::lock_guard lock(mutex_);
    std::error_code unreadable;
    const fs::path whole = fs::weakly_canonical(file, unreadable);
    if (unreadable || !known(whole) || verdicts_[whole].misfortune.empty()) return {};
    return ApartEnd{{}, verdicts_[whole].misfortune, verdicts_[whole].hung};
  }

  base::Result<void> try_again(const fs::path& file) {
    const std::lock_guard lock(mutex_);
    const fs::path whole = fs::weakly_canonical(file);
    verdicts_.erase(whole);
    try_all({whole});
    WEIR_TRY(misfortune_of(whole));
    if (const auto& refusal = verdicts_[whole].refusal) return base::unexpected(*refusal);
    return {};
  }

 private:
  base::Result<void> misfortune_of(const fs::path& file) {
    const Verdict& verdict = verdicts_[file];
    if (verdict.misfortune.empty()) return {};
    return base::unexpected(load_misfortune(file, {{}, verdict.misfortune, verdict.hung}));
  }

  fs::path memory_of(const fs::path& file) const {
    constexpr std::size_t kDigits = 32;
    return how_.memory / (security::sha256_of(file.native()).substr(0, kDigits) + ".json");
  }

  // Whether the file was tried as it is now.
  bool known(const fs::path& file) {
    if (verdicts_.contains(file)) return true;
    if (how_.memory.empty()) return false;
    constexpr std::size_t kMostBytes = 1U << 20U;
    std::string text;
    security::FileProblem ignored;  // what can't be read is tried again
    if (!security::read_file(memory_of(file), kMostBytes, text, ignored)) return false;
    const Json kept = Json::parse(text, nullptr, false);
    if (!kept.is_object() || kept.value("identity", Json()) != identity_json(file)) return false;
    verdicts_[file] = {security::text_member(kept, "misfortune"), kept.value("hung", Json()) == true, {}};
    return true;
  }

  // Another process may write the same at the same time: so each writes a file of its own. What can't be remembered is
  // tried again next time.
  void remember(const fs::path& file, const Json& identity, const Verdict& verdict) {
    verdicts_[file] = verdict;
    if (how_.memory.empty()) return;
    const fs::path memory = memory_of(file);
    const fs::path written = memory.string() + "." + std::to_string(::getpid());
    std::error_code problem;
    fs::create_directories(how_.memory, problem);
    std::ofstream stream(written);
    stream << Json{{"identity", identity}, {"misfortune", verdict.misfortune}, {"hung", verdict.hung}}.dump() << "\n";
    stream.close();
    if (stream)
      fs::rename(written, memory, problem);
    else
      fs::remove(written, problem);
  }

  // A child that crashes or hangs is followed by another for the files behind the culprit.
  void try_all(std::vector<fs::path> files) {
    while (!files.empty()) {
      std::vector<Json> identities;
      std::vector<std::string> command = how_.command;
      for (const fs::path& file : files) {
        identities.push_back(identity_json(file));
        command.push_back(file.string());
      }
      const auto end = run_apart(command, how_.deadline_ns);
      if (!end) return;  // there can be no child: then they are loaded at once
      const std::size_t done = take(*end, files, identities);
      if (done == 0) return;
      files.erase(files.begin(), files.begin() + static_cast<std::ptrdiff_t>(done));
    }
  }

  // Remembers what a child told; gives how many of the files it tried, the culprit among them.
  std::size_t take(const ApartEnd& end, const std::vector<fs::path>& files, const std::vector<Json>& identities) {
    std::size_t done = 0;
    bool within = false;
    for (std::string_view rest = end.output; !rest.empty() && done < files.size();) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(rest.size(), line.size() + 1));
      if (line.starts_with("load ")) {
        within = true;
        continue;
      }
      const Json told = Json::parse(line, nullptr, false);
      if (!within || !told.is_object()) continue;
      Verdict verdict;
      if (told.contains("code")) verdict.refusal = error_from_json(told);
      remember(files[done], identities[done], verdict);
      within = false;
      ++done;
    }
    if (!within || done >= files.size()) return done;
    const std::string how = end.misfortune.empty() ? "ends the process" : end.misfortune;
    remember(files[done], identities[done], {how, end.hung, {}});
    return done + 1;
  }

  const FirstLoading how_;
  std::mutex mutex_;
  std::map<fs::path, Verdict> verdicts_;  // guarded by mutex_
};

// Set once, before threads begin.
std::optional<FirstLoads>& first_loads() {
  static std::optional<FirstLoads> loads;
  return loads;
}

}  // namespace

fs::path first_loads_folder() {
  const fs::path cache = base::user_folder("XDG_CACHE_HOME", ".cache");
  return cache.empty() ? cache : cache / "first_loads";
}

void try_first_loads(FirstLoading how) { first_loads().emplace(std::move(how)); }

void load_at_once() { first_loads().reset(); }

void expect_loads(std::span<const fs::path> files) {
  if (first_loads()) first_loads()->expect(files);
}

base::Result<void> admit_load(const fs::path& file) {
  return first_loads() ? first_loads()->admit(file) : base::Result<void>();
}

std::optional<ApartEnd> recall_load(const fs::path& file) {
  return first_loads() ? first_loads()->recall(file) : std::nullopt;
}

base::Result<void> try_load(const fs::path& file) {
  return first_loads() ? first_loads()->try_again(file) : base::Result<void>();
}

int try_loads(const std::vector<std::string>& files) {
  const ChildOutput output;
  load_at_once();
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!output.tell("load " + std::to_string(i) + "\n")) return 1;
    const auto info = read_info(files[i]);
    auto loaded = info ? Library::load(files[i], *info, {}) : base::unexpected(info.error());
    const Json told = loaded ? Json::object() : error_as_json(loaded.error());
    loaded = base::unexpected(base::Error());  // closes it
    if (!output.tell(told.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n")) return 1;
    if (info && info->go) return 0;  // Go's runtime stays: what comes next is for another process
  }
  return 0;
}

}  // namespace weir::plugins
