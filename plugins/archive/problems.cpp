#include "problems.hpp"

#include <cerrno>
#include <cstring>

namespace weir::archive {
namespace {

constexpr const char* kPath = "/path";
constexpr const char* kMembers = "/members";

Failure of_the_file(weir_status status, const std::string& message, const std::string& path) {
  return Failure(status, WEIR_FAULT_SOURCE, message).object(path).option(kPath);
}

// Names come from strangers: what would steer a terminal is not repeated.
std::string shown(const std::string& name) {
  std::string plain;
  for (const char letter : name) plain += static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F ? '?' : letter;
  return plain;
}

std::string listed(const std::vector<std::string>& members) {
  constexpr std::size_t kShown = 3;
  std::string text;
  for (std::size_t i = 0; i < members.size() && i < kShown; ++i) text += (i == 0 ? "" : ", ") + shown(members[i]);
  return members.size() > kShown ? text + " and " + std::to_string(members.size() - kShown) + " more" : text;
}

}  // namespace

Failure cannot_read(const std::string& path, int code) {
  if (code == ENOENT || code == ENOTDIR) {
    return of_the_file(WEIR_NOT_FOUND, "no such file '" + path + "'", path).native(code);
  }
  if (code == EACCES || code == EPERM) {
    return of_the_file(WEIR_PERMISSION_DENIED, "permission denied: can't read '" + path + "'", path)
        .hint("let the user who runs weir read it, and search the folders above it")
        .native(code);
  }
  char words[256];
  const std::string reason = strerror_r(code, words, sizeof words);
  return of_the_file(code == EIO ? WEIR_DATA_LOSS : WEIR_FAILED_PRECONDITION, "can't read '" + path + "': " + reason,
                     path)
      .native(code);
}

Failure is_folder(const std::string& path) {
  return of_the_file(WEIR_FAILED_PRECONDITION, "expected an archive, found the folder '" + path + "'", path)
      .hint("name its archives: '" + path + "/*.zip'");
}

Failure is_no_file(const std::string& path) {
  return of_the_file(WEIR_INVALID_ARGUMENT, "expected a regular file, found a pipe or a device: '" + path + "'", path)
      .hint("an archive is read at many places: put it into a file");
}

Failure is_empty(const std::string& path) {
  return of_the_file(WEIR_DATA_LOSS, "expected a zip or tar archive, found an empty file: '" + path + "'", path);
}

Failure has_changed(const std::string& path) {
  return of_the_file(WEIR_FAILED_PRECONDITION, "'" + path + "' has changed since it was planned", path)
      .hint("run again when nothing writes to it");
}

Failure is_no_archive(const std::string& path) {
  return of_the_file(WEIR_DATA_LOSS, "expected a zip or tar archive, found something else: '" + path + "'", path)
      .hint("use: file reads what is no archive, compressed or not");
}

Failure nothing_matches(const std::string& pattern) {
  return of_the_file(WEIR_NOT_FOUND, "no such file: nothing matches '" + pattern + "'", pattern);
}

Failure is_damaged(const std::string& object, const std::string& found, std::uint64_t at) {
  return Failure(WEIR_DATA_LOSS, WEIR_FAULT_SOURCE,
                 "expected '" + shown(object) + "' to be whole, found damage about byte " + std::to_string(at) + ": " +
                     shown(found))
      .hint("fetch the archive again: it was cut off, or changed on its way")
      .object(object);
}

Failure wants_password(const std::string& object, bool given) {
  return Failure(WEIR_PERMISSION_DENIED, WEIR_FAULT_MANIFEST,
                 given ? "expected the password of the encrypted member, found another one"
                       : "expected a password for the encrypted member, found none")
      .hint("password: \"${secret:PROVIDER/KEY}\" beside path:")
      .object(object)
      .option(given ? "/password" : kPath);
}

Failure no_such_member(const std::string& object) {
  return Failure(WEIR_NOT_FOUND, WEIR_FAULT_SOURCE, "no such member: '" + shown(object) + "'").object(object);
}

Failure no_member_matches(const std::string& path, const std::string& pattern,
                          const std::vector<std::string>& members) {
  return Failure(WEIR_NOT_FOUND, WEIR_FAULT_SOURCE,
                 "expected a member that matches '" + pattern + "' in '" + path + "', found none")
      .hint(members.empty() ? "there is no file in it" : "it has " + listed(members))
      .object(path)
      .option(kMembers);
}

Failure leads_out(const std::string& path, const std::string& member) {
  return Failure(WEIR_DATA_LOSS, WEIR_FAULT_SOURCE,
                 "expected names that stay within '" + path + "', found the member '" + shown(member) + "'")
      .hint("who made the archive may mean harm; members: chooses others")
      .object(path)
      .option(kMembers);
}

Failure stands_twice(const std::string& path, const std::string& member) {
  return Failure(WEIR_DATA_LOSS, WEIR_FAULT_SOURCE,
                 "expected each member of '" + path + "' once, found '" + shown(member) + "' twice")
      .hint("unpack it, which keeps the later one, and read the files")
      .object(path)
      .option(kMembers);
}

Failure is_no_data(const std::string& path, const std::string& member, const std::string& found) {
  return Failure(WEIR_DATA_LOSS, WEIR_FAULT_SOURCE,
                 "expected files in '" + path + "', found " + found + ": '" + shown(member) + "'")
      .hint("members: chooses others")
      .object(path)
      .option(kMembers);
}

Failure unpacks_to_more(const std::string& object, std::uint64_t limit_bytes) {
  return Failure(WEIR_FAILED_PRECONDITION, WEIR_FAULT_SOURCE,
                 "expected a member of at most " + std::to_string(limit_bytes) + " bytes, found more")
      .hint("if it is meant to be so big, raise max_member:")
      .object(object)
      .option("/max_member");
}

Failure cancelled() { return {WEIR_CANCELLED, WEIR_FAULT_UNKNOWN, "cancelled"}; }

Failure read_only() {
  return Failure(WEIR_UNIMPLEMENTED, WEIR_FAULT_MANIFEST, "expected a storage that can be written, found archive")
      .hint("use: file writes files, and codec: compresses them")
      .option(kPath);
}

}  // namespace weir::archive
