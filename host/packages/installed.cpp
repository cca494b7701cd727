#include "packages/installed.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <nlohmann/json.hpp>

#include "conformance/kit.hpp"
#include "plugins/compatibility.hpp"
#include "plugins/discovery.hpp"
#include "security/checksum.hpp"
#include "security/json_text.hpp"
#include "security/small_file.hpp"

namespace weir::packages {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr int kInstalledFormat = 1;
constexpr std::size_t kMaxRecordBytes = 2 * kMaxInfoBytes;
constexpr mode_t kBinaryMode = 0755;

base::Error package_error(const char* code, std::string message, std::string hint) {
  return base::make_error(base::Status::failed_precondition, base::Fault::missing, code, std::move(message))
      .with_hint(std::move(hint));
}

base::Error folder_error(const fs::path& folder, const std::string& found) {
  return package_error("package.folder", folder.string() + ": expected a folder that can be written, found: " + found,
                       "give another with --to, and name it in WEIR_PLUGIN_PATH");
}

fs::path binary_path(const fs::path& folder, const PackageInfo& info) {
  return folder / (info.name + "-" + info.version_text + ".so");
}
fs::path record_path(const fs::path& binary) { return fs::path(binary).replace_extension(".json"); }

// Whoever installs or removes in a folder; others wait. Freed with the object.
class FolderLock {
 public:
  static base::Result<FolderLock> take(const fs::path& folder, const WhenWaiting& waiting) {
    std::error_code problem;
    fs::create_directories(folder, problem);
    if (problem) return base::unexpected(folder_error(folder, problem.message()));
    const int file = ::open((folder / ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0) return base::unexpected(folder_error(folder, std::strerror(errno)));
    if (take_lock(file, "installs or removes in " + folder.string(), waiting)) return FolderLock(file);
    const std::string found = std::strerror(errno);
    ::close(file);
    return base::unexpected(folder_error(folder, found));
  }
  FolderLock(FolderLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock() {
    if (file_ >= 0) ::close(file_);
  }

 private:
  explicit FolderLock(int file) : file_(file) {}
  int file_;
};

// The binary under a name that nothing loads, until it is believed and tried.
class Staged {
 public:
  explicit Staged(const fs::path& binary)
      : path_(binary.parent_path() / ("." + binary.filename().string() + "." + std::to_string(::getpid()))) {}
  ~Staged() {
    if (file_ >= 0) ::close(file_);
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  Staged(const Staged&) = delete;
  Staged& operator=(const Staged&) = delete;

  base::Result<void> open() {
    file_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kBinaryMode);
    return file_ < 0 ? failed() : base::Result<void>();
  }
  base::Result<void> write(std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::write(file_, bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return failed();
      bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return {};
  }
  base::Result<void> close() {
    const bool whole = ::fsync(file_) == 0 && ::close(file_) == 0;
    file_ = -1;
    return whole ? base::Result<void>() : failed();
  }
  base::Result<void> rename_to(const fs::path& binary) {
    if (::rename(path_.c_str(), binary.c_str()) != 0) return failed();
    path_.clear();
    return {};
  }
  const fs::path& path() const { return path_; }

 private:
  base::Result<void> failed() const {
    return base::unexpected(folder_error(path_.parent_path(), std::strerror(errno)));
  }
  fs::path path_;
  int file_ = -1;
};

std::string record_text(const Installed& installed) {
  return ordered_json{{"weir_installed", kInstalledFormat},
                      {"source", installed.source},
                      {"binary_sha256", installed.binary_sha256},
                      {"signer", installed.signer},
                      {"plugin", installed.head.info_text},
                      {"signatures", security::signatures_text(kPackageType, installed.head.signatures)}}
             .dump(1) +
         "\n";
}

base::Result<Installed> read_record(const fs::path& record) {
  const auto damaged = [&record](const std::string& found) {
    return base::unexpected(package_error(
        "package.record", record.string() + ": expected what weir knows of an installed plugin, found " + found,
        "install the plugin again"));
  };
  std::string text;
  security::FileProblem problem;
  if (!security::read_file(record, kMaxRecordBytes, text, problem)) return damaged(problem.text());
  const auto object = security::parse_document(text);
  if (!object.is_object() || object.value("weir_installed", ordered_json()) != kInstalledFormat)
    return damaged("something else");
  Installed installed;
  installed.source = security::text_member(object, "source");
  installed.binary_sha256 = security::text_member(object, "binary_sha256");
  installed.signer = security::text_member(object, "signer");
  installed.head.info_text = security::text_member(object, "plugin");
  installed.binary = fs::path(record).replace_extension(".so");
  auto info = parse_package_info(installed.head.info_text, record.filename().string());
  auto signatures =
      security::parse_signatures(security::text_member(object, "signatures"), kPackageType, record.filename().string());
  if (!info || !signatures) return damaged("something else");
  installed.head.info = std::move(*info);
  installed.head.signatures = std::move(*signatures);
  if (installed.binary != binary_path(record.parent_path(), installed.head.info))
    return damaged("that of another plugin");
  return installed;
}

base::Result<const PackagedFile*> binary_for_host(const PackageInfo& info) {
  if (auto fits = plugins::check_abi(info.abi, info.needs_abi, title(info)); !fits)
    return base::unexpected(std::move(fits).error());
  const Platform host = host_platform();
  if (const PackagedFile* const file = info.binary_for(host)) return file;
  std::string there;
  for (const PackagedFile& file : info.files) {
    if (file.platform) there += (there.empty() ? "" : "; ") + file.platform->text();
  }
  return base::unexpected(package_error("package.no_platform",
                                        title(info) + ": expected a binary for " + host.system + " " + host.machine +
                                            ", " + host.libc + " " + host.libc_version + ", found those for " + there,
                                        "ask its author for one, or build it from its sources"));
}

// One case, which leads each component through a life.
base::Result<std::size_t> try_binary(const fs::path& binary, const InstallRequest& request, const PackageInfo& info) {
  if (request.try_command.empty()) return std::size_t{0};
  conformance::KitSettings settings;
  settings.file = binary;
  settings.case_name = "sample-works";
  settings.command = request.try_command;
  WEIR_TRY_ASSIGN(const conformance::Report report, conformance::try_plugin(settings));
  for (const conformance::Trial& trial : report.trials) {
    if (trial.verdict.outcome != conformance::Outcome::fail && trial.verdict.outcome != conformance::Outcome::crashed)
      continue;
    return base::unexpected(package_error("package.not_conforming",
                                          title(info) + ": expected its " + trial.component +
                                              " to work where it was tried, found: " + trial.verdict.found,
                                          "weir plugin test FILE tells more; tell its author"));
  }
  return report.trials.size();
}

base::Result<void> put_in_place(Staged& staged, const Installed& installed) {
  security::FileProblem problem;
  // The record first: a binary without one is never seen.
  if (!security::replace_file(record_path(installed.binary), record_text(installed), security::kForAll, problem))
    return base::unexpected(folder_error(installed.binary.parent_path(), problem.text()));
  return staged.rename_to(installed.binary);
}

std::string digest_of(const fs::path& path) {
  security::FileProblem ignored;  // then it has none
  return security::sha256_of_file(path, ignored);
}

}  // namespace

fs::path folder_of(const std::string& word) { return word.empty() ? plugins::user_plugins_folder() : fs::path(word); }

std::string today() {
  const auto days = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  const std::chrono::year_month_day date(days);
  const auto two = [](unsigned number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return std::to_string(int(date.year())) + "-" + two(unsigned(date.month())) + "-" + two(unsigned(date.day()));
}

base::Result<InstallResult> install_package(const InstallRequest& request, security::TrustedKeys& keys) {
  WEIR_TRY_ASSIGN(const PackageHead first, read_head(request.package));
  if (!request.digests.empty()) WEIR_TRY(check_digests(first.info, request.package.string(), request.digests));
  WEIR_TRY_ASSIGN(const PackagedFile* const wanted, binary_for_host(first.info));
  WEIR_TRY_ASSIGN(const SignerVerdict verdict, judge_signer(first, keys, request.policy, request.day));
  if (request.folder.empty()) return base::unexpected(folder_error("no home", "neither XDG_DATA_HOME nor HOME"));

  WEIR_TRY_ASSIGN(const FolderLock lock, FolderLock::take(request.folder, request.waiting));
  InstallResult result;
  result.warning = verdict.warning;
  const std::string source =
      request.source.empty() ? fs::absolute(request.package).lexically_normal().string() : request.source;
  result.installed = {first, source, wanted->sha256, verdict.signer, binary_path(request.folder, first.info)};
  const Installed& installed = result.installed;
  std::error_code ignored;
  if (const std::string there = fs::exists(installed.binary, ignored) ? digest_of(installed.binary) : "";
      !there.empty()) {
    result.was_there = there == wanted->sha256;
    if (result.was_there) return result;
    return base::unexpected(
        package_error("package.other_bytes",
                      title(first.info) + ": expected the bytes that are installed (SHA-256 " + there +
                          "), found others of the same version (" + wanted->sha256 + ")",
                      "one of them is not what its author made: weir plugin verify; then weir plugin remove " +
                          first.info.name + "@" + first.info.version_text));
  }

  Staged staged(installed.binary);
  WEIR_TRY(staged.open());
  const auto take = [&](const PackagedFile& file, std::span<const std::uint8_t> bytes) -> base::Result<void> {
    return file.path == wanted->path ? staged.write(bytes) : base::Result<void>();
  };
  WEIR_TRY_ASSIGN(const PackageHead whole, read_package(request.package, take));
  if (whole.info_text != first.info_text)
    return base::unexpected(
        package_damaged(request.package.string(), "expected one package, found another a moment later"));
  WEIR_TRY(staged.close());
  WEIR_TRY_ASSIGN(result.cases, try_binary(staged.path(), request, first.info));
  WEIR_TRY(put_in_place(staged, installed));
  if (!verdict.signer.empty()) keys.bind(first.info.name, verdict.signer);
  return result;
}

std::vector<Installed> installed_in(const fs::path& folder, std::vector<base::Error>& problems) {
  std::vector<Installed> all;
  std::error_code problem;
  for (fs::directory_iterator entry(folder, problem); !problem && entry != fs::directory_iterator();
       entry.increment(problem)) {
    const fs::path& binary = entry->path();
    std::error_code ignored;
    if (binary.extension() != ".so" || !fs::exists(record_path(binary), ignored)) continue;
    auto installed = read_record(record_path(binary));
    if (installed) {
      all.push_back(std::move(*installed));
    } else {
      problems.push_back(std::move(installed).error());
    }
  }
  std::sort(all.begin(), all.end(), [](const Installed& a, const Installed& b) {
    if (a.head.info.name != b.head.info.name) return a.head.info.name < b.head.info.name;
    return b.head.info.version < a.head.info.version;
  });
  return all;
}

base::Result<std::optional<InstallResult>> find_installed(const fs::path& folder, const PackageInfo& info,
                                                          const security::TrustedKeys& keys, SignaturePolicy policy,
                                                          std::string_view day) {
  const PackagedFile* const wanted = info.binary_for(host_platform());
  std::vector<base::Error> ignored;  // what is damaged is not there
  for (Installed& one : installed_in(folder, ignored)) {
    if (wanted == nullptr || one.head.info.name != info.name || one.head.info.version_text != info.version_text ||
        one.binary_sha256 != wanted->sha256)
      continue;
    auto verdict = verify_installed(one, keys, policy, day);
    if (!verdict && verdict.error().code == "package.changed") break;
    WEIR_TRY(verdict);
    InstallResult there{std::move(one), std::move(verdict->warning), true, 0};
    there.installed.signer = verdict->signer;
    return std::optional<InstallResult>(std::move(there));
  }
  return std::optional<InstallResult>();
}

base::Error not_installed(const std::string& what, const fs::path& folder) {
  return package_error("package.not_installed",
                       "expected an installed plugin, found no '" + what + "' in " + folder.string(),
                       "weir plugin list shows what is installed; what was not installed by weir is removed by hand");
}

base::Result<std::vector<Installed>> remove_installed(const fs::path& folder, const std::string& name,
                                                      const std::string& version, const WhenWaiting& waiting) {
  std::error_code absent;
  std::vector<base::Error> problems;
  std::vector<Installed> removed = installed_in(folder, problems);
  std::erase_if(removed, [&](const Installed& one) {
    return one.head.info.name != name || (!version.empty() && one.head.info.version_text != version);
  });
  if (removed.empty()) {
    return base::unexpected(not_installed(name + (version.empty() ? "" : "@" + version), folder));
  }
  WEIR_TRY_ASSIGN(const FolderLock lock, FolderLock::take(folder, waiting));
  for (const Installed& one : removed) {
    // The binary first: what is left, if that is all, is a record of nothing.
    if (::unlink(one.binary.c_str()) != 0 && errno != ENOENT)
      return base::unexpected(folder_error(folder, std::strerror(errno)));
    fs::remove(record_path(one.binary), absent);
  }
  return removed;
}

base::Result<SignerVerdict> verify_installed(const Installed& installed, const security::TrustedKeys& keys,
                                             SignaturePolicy policy, std::string_view day) {
  const std::string found = digest_of(installed.binary);
  if (found != installed.binary_sha256) {
    return base::unexpected(
        package_error("package.changed",
                      installed.binary.string() + ": expected the binary that was installed, SHA-256 " +
                          installed.binary_sha256 + ", found " + (found.empty() ? "none that can be read" : found),
                      "weir plugin remove " + installed.head.info.name + "@" + installed.head.info.version_text +
                          ", then install it again"));
  }
  return judge_signer(installed.head, keys, policy, day);
}

}  // namespace weir::packages
