// weir install: all that manifests name, by the lock beside them; weir plugin update
#include <algorithm>
#include <map>

#include "cli/programs.hpp"
#include "manifest/folder.hpp"
#include "packages/command_network.hpp"
#include "packages/commands.hpp"
#include "packages/lock_install.hpp"

namespace weir::packages {
namespace {

namespace fs = std::filesystem;
using cli::LockWords;
using cli::Output;
using nlohmann::ordered_json;
using security::TrustedKeys;

// What is done is told folder by folder.
struct Done {
  Output* output;
  std::string text;
  ordered_json plugins = ordered_json::array(), locks = ordered_json::array(), warnings = ordered_json::array();
};

struct User {
  Output* output = nullptr;
  TrustedKeys keys;
  Sources sources;
  std::vector<std::string> warnings;  // of what could not be remembered
};

std::string line_of(const Placed& placed, const TrustedKeys& keys) {
  const std::string& version = placed.pick.locked.version;
  const bool changed = !placed.pick.was.empty() && placed.pick.was != version;
  std::string text;
  for (const std::string& warning : placed.warnings)
    text += "warning: " + placed.pick.plugin + " " + version + ": " + warning + "\n";
  text += placed.pick.plugin + " " + (changed ? placed.pick.was + " → " : "") + version;
  return text + (placed.was_there ? ": is installed already\n"
                                  : signer_text(keys, placed.signer) + "\n  " + placed.binary.string() + "\n");
}

ordered_json json_of_placed(const Placed& placed) {
  ordered_json object{{"name", placed.pick.plugin},
                      {"version", placed.pick.locked.version},
                      {"file", placed.binary.string()},
                      {"was_installed", placed.was_there}};
  if (!placed.pick.was.empty()) object["was"] = placed.pick.was;
  if (!placed.signer.empty()) object["signer"] = placed.signer;
  if (!placed.warnings.empty()) object["warnings"] = placed.warnings;
  return object;
}

void tell_placed(const Relocking& relocking, const std::vector<Placed>& all, const User& user, Done& done) {
  done.text += warning_text(user.warnings);
  for (const std::string& warning : user.warnings) done.warnings.push_back(warning);
  for (const Placed& placed : all) {
    done.text += line_of(placed, user.keys);
    done.plugins.push_back(json_of_placed(placed));
  }
  for (const std::string& note : relocking.notes) done.text += note + "\n";
}

base::Result<User> read_user(Output& output) {
  User user;
  user.output = &output;
  WEIR_TRY_ASSIGN(user.keys, TrustedKeys::read(TrustedKeys::file_of_user()));
  WEIR_TRY_ASSIGN(user.sources, Sources::read(Sources::file_of_user()));
  for (const Source& source : user.sources.all()) hide_passwords(output, source.network, source.places);
  return user;
}

base::Result<std::vector<Placed>> place_all(Relocking& relocking, const LockWords& words, const fs::path& beside,
                                            User& user) {
  remember(user.sources, user.warnings);
  LockInstallRequest install{folder_of(words.folder),
                             security::policy_of(words.signatures),
                             today(),
                             cli::try_case_command(),
                             [&user](const std::string& title) { return download_line(*user.output, title); },
                             waiting_line(*user.output)};
  if (install.folder.empty()) install.folder = beside / ".weir" / "plugins";
  TrustedKeys working = user.keys;
  WEIR_TRY_ASSIGN(auto all, install_picks(relocking, install, working));
  std::map<std::string, std::string> signers;
  for (const Placed& placed : all) {
    if (placed.signer.empty() || placed.was_there || user.keys.bound().contains(placed.pick.plugin)) continue;
    signers.emplace(placed.pick.plugin, placed.signer);
  }
  remember_signers(signers, user.keys, user.warnings);
  return all;
}

base::Result<void> install_folder(const RelockRequest& request, const LockWords& words, Done& done) {
  WEIR_TRY_ASSIGN(User user, read_user(*done.output));
  WEIR_TRY_ASSIGN(Relocking relocking, relock(request, user.sources, user.keys, today()));
  WEIR_TRY_ASSIGN(const auto all, place_all(relocking, words, request.folder, user));
  bool written = false;
  if (!request.locked) {
    WEIR_TRY_ASSIGN(written, write_changed_lock(request.folder, relocking.after));
  }
  tell_placed(relocking, all, user, done);
  const std::string lock = plugins::lock_path(request.folder).lexically_normal().string();
  if (written) done.text += lock + ": written\n";
  if (done.text.empty()) done.text = "nothing is named that does not come with weir\n";
  done.locks.push_back({{"file", lock}, {"written", written}});
  return {};
}

// Without a lock: what is installed, the newest that there is.
base::Result<void> update_installed(const LockWords& words, Done& done) {
  WEIR_TRY_ASSIGN(User user, read_user(*done.output));
  const Offers offers = Offers::of(user.sources, user.keys, today());
  const fs::path folder = folder_of(words.folder);
  std::map<std::string, PackageInfo> newest;
  std::vector<base::Error> damaged;
  for (const Installed& one : installed_in(folder, damaged)) newest.emplace(one.head.info.name, one.head.info);
  for (const std::string& name : words.names) {
    if (!newest.contains(name)) return base::unexpected(not_installed(name, folder));
  }
  Relocking relocking;
  for (const auto& [name, info] : newest) {
    if (!words.names.empty() && std::find(words.names.begin(), words.names.end(), name) == words.names.end()) continue;
    const Offer* const offer = offers.newest(name, {});
    if (offer == nullptr || offer->found.release.info.version <= info.version) {
      relocking.notes.push_back(name + " " + info.version_text + ": no index has one that is newer");
      continue;
    }
    relocking.picks.push_back({name, locked_of(*offer, ""), info.version_text, {}, {}, offer->found, {}});
  }
  for (const base::Error& problem : offers.problems()) done.text += "warning: " + problem.message + "\n";
  WEIR_TRY_ASSIGN(const auto all, place_all(relocking, words, ".", user));
  tell_placed(relocking, all, user, done);
  if (done.text.empty()) done.text = "nothing was installed by weir in " + folder.string() + "\n";
  return {};
}

// By the folder that they are in, for each has a lock of its own.
std::map<fs::path, std::vector<fs::path>> by_folder(const std::vector<std::string>& manifests) {
  std::map<fs::path, std::vector<fs::path>> folders;
  for (const std::string& file : manifests) {
    const fs::path folder = fs::path(file).parent_path();
    folders[folder.empty() ? "." : folder].push_back(file);
  }
  if (manifests.empty()) folders["."] = manifest::manifests_in(".");
  return folders;
}

base::Error no_manifest() {
  return base::manifest_error("install.nothing", "expected a manifest in this folder, found none")
      .with_hint("weir install MANIFEST; a plugin by its name: weir plugin install NAME");
}

int tell_done(Done& done) {
  ordered_json told{{"plugins", std::move(done.plugins)}, {"locks", std::move(done.locks)}};
  if (!done.warnings.empty()) told["warnings"] = std::move(done.warnings);
  return done.output->succeed(done.text, told);
}

}  // namespace

int install_locked_command(const LockWords& words, Output& output) {
  Done done{&output};
  for (const auto& [folder, manifests] : by_folder(words.manifests)) {
    if (manifests.empty()) return output.fail(no_manifest());
    RelockRequest request{folder, manifests};
    request.all = words.manifests.empty();
    request.locked = words.locked;
    request.bundle = words.bundle;
    if (const auto installed = install_folder(request, words, done); !installed) return output.fail(installed.error());
  }
  return tell_done(done);
}

int update_command(const LockWords& words, Output& output) {
  Done done{&output};
  std::error_code ignored;
  if (!fs::exists(plugins::lock_path("."), ignored)) {
    if (const auto updated = update_installed(words, done); !updated) return output.fail(updated.error());
    return tell_done(done);
  }
  RelockRequest request{".", manifest::manifests_in(".")};
  if (request.manifests.empty()) return output.fail(no_manifest());
  request.all = request.update = true;
  request.only = words.names;
  if (const auto updated = install_folder(request, words, done); !updated) return output.fail(updated.error());
  return tell_done(done);
}

}  // namespace weir::packages
