// Secrets from files and from programs.
#include "security/secrets.hpp"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "base/units.hpp"
#include "base/utf8.hpp"
#include "security/program.hpp"

namespace weir::security {
namespace {

namespace fs = std::filesystem;
using manifest::SecretProvider;

constexpr std::size_t kShownErrors = 400;

base::Error failure(std::string message, std::string hint) {
  return base::make_error(base::Status::unavailable, base::Fault::source, "secret.unavailable", std::move(message))
      .with_hint(std::move(hint));
}

base::Error too_much() {
  return failure("expected a secret of at most 64 KiB, found more",
                 "a secret is a password or a key, not a file of data");
}

base::Result<std::string> trimmed(std::string secret) {
  if (secret.ends_with('\n')) secret.pop_back();
  if (secret.ends_with('\r')) secret.pop_back();
  if (!secret.empty()) return secret;
  return base::unexpected(
      failure("expected a secret, found nothing", "an empty secret is none: see that it was stored"));
}

base::Result<std::string> read_secret_file(const SecretProvider& provider, const std::string& key) {
  const fs::path name = fs::path(key).lexically_normal();
  if (name.is_absolute() || name.empty() || *name.begin() == ".." || name == "." || !name.has_filename()) {
    return base::unexpected(
        base::manifest_error("manifest.secrets", "expected the name of a file in the provider's folder")
            .with_hint("keys don't lead out of " + provider.folder.filename().string()));
  }
  const fs::path file = provider.folder / name;
  std::error_code problem;
  const auto status = fs::status(file, problem);
  const auto refuse = [&](const std::string& found) {
    return base::unexpected(
        failure("expected a file '" + file.string() + "', found " + found, "write the secret there"));
  };
  if (status.type() == fs::file_type::not_found) return refuse("none");
  if (problem) return refuse(problem.message());
  if (status.type() != fs::file_type::regular) return refuse("something else");
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return refuse(std::generic_category().message(errno));
  std::string secret(kMaxSecretBytes + 1, '\0');
  stream.read(secret.data(), static_cast<std::streamsize>(secret.size()));
  secret.resize(static_cast<std::size_t>(stream.gcount()));
  if (stream.bad()) return refuse(std::generic_category().message(errno));
  if (secret.size() > kMaxSecretBytes) return base::unexpected(too_much());
  return trimmed(std::move(secret));
}

// The end of what a program said on standard error, on one line. It may repeat what it wrote: that is not shown.
std::string said(const ProgramEnd& end, const observe::Redactor& redactor) {
  observe::Redactor written;
  written.add(end.output);
  std::string text = written.redact(redactor.redact(end.errors));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  if (text.empty()) return "; it says nothing";
  if (text.size() > kShownErrors) text = "…" + text.substr(text.size() - kShownErrors);
  return "; it says: " + base::printable(text);
}

}  // namespace

base::Result<std::string> Secrets::run(const SecretProvider& provider, const std::string& key) const {
  ProgramCall call{provider.command, provider.folder, provider.timeout_ns, kMaxSecretBytes};
  call.command.push_back(key);
  const std::string shown = "'" + provider.command.front() + "'";
  WEIR_TRY_ASSIGN(ProgramEnd end, run_program(call));
  const std::string hint = "run it by hand, with the key as its last argument";
  switch (end.ending) {
    case Ending::timed_out:
      return base::unexpected(failure("expected " + shown + " to end within " +
                                          base::format_duration_ns(provider.timeout_ns) + ", found it still at work" +
                                          said(end, redactor_),
                                      "it has no terminal and can't ask; give it longer with timeout:"));
    case Ending::too_much: return base::unexpected(too_much());
    case Ending::killed:
      return base::unexpected(failure("expected " + shown + " to end with exit code 0, found it killed by signal " +
                                          std::to_string(end.code) + said(end, redactor_),
                                      hint));
    case Ending::exited: break;
  }
  if (end.code == 0) return trimmed(std::move(end.output));
  return base::unexpected(failure(
      "expected " + shown + " to end with exit code 0, found " + std::to_string(end.code) + said(end, redactor_),
      hint));
}

base::Result<std::string> Secrets::ask(const SecretProvider& provider, const std::string& key) const {
  return provider.kind == SecretProvider::Kind::file ? read_secret_file(provider, key) : run(provider, key);
}

base::Result<std::string> Secrets::get(const SecretProvider& provider, const std::string& key) {
  const auto name = std::pair(provider.name, key);
  auto known = known_.find(name);
  if (known == known_.end()) known = known_.emplace(name, ask(provider, key)).first;
  return known->second;
}

}  // namespace weir::security
